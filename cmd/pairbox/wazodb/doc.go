// Package wazodb makes databases with the table layout of a Wazo platform, and
// fills and changes them like one in use, for tests and benchmarks.
//
// The layout is that of database asterisk: 189 tables in schema public with 70
// sequences and 196 foreign keys, some of them circular (tenant and endpoint_sip,
// auth_tenant and auth_user). The files *.tsv hold it: columns with their types,
// indexes, foreign keys, enumerated types, and the number of rows of a platform
// of 5,000 users. They know no defaults.
//
// A value is a pure function of its table, column and row number, so that any
// row can refer to any other without a look at it. Rows are loaded with foreign
// keys unchecked; Orphans proves that they hold.
package wazodb
