package rows

// appendCopy adds a row in the text format of COPY (PostgreSQL's documentation,
// COPY, "Text Format"); nil is NULL.
func appendCopy(to []byte, values [][]byte) []byte {
	for i, v := range values {
		if i > 0 {
			to = append(to, '\t')
		}
		if v == nil {
			to = append(to, '\\', 'N')
			continue
		}
		for _, c := range v {
			switch c {
			case '\\':
				to = append(to, '\\', '\\')
			case '\n':
				to = append(to, '\\', 'n')
			case '\r':
				to = append(to, '\\', 'r')
			case '\t':
				to = append(to, '\\', 't')
			default:
				to = append(to, c)
			}
		}
	}
	return append(to, '\n')
}
