-- The table of a XiVO node with chan_sip that holds how long registrations last.
CREATE TABLE staticsip (id serial PRIMARY KEY, cat_metric integer NOT NULL DEFAULT 0, var_metric integer NOT NULL DEFAULT 0, commented integer NOT NULL DEFAULT 0, filename varchar(128) NOT NULL, category varchar(128) NOT NULL, var_name varchar(128) NOT NULL, var_val varchar(255));
INSERT INTO staticsip (id, filename, category, var_name, var_val) VALUES
	(1, 'sip.conf', 'general', 'minexpiry', '60'),
	(2, 'sip.conf', 'general', 'defaultexpiry', '120'),
	(3, 'sip.conf', 'general', 'language', 'fr_FR'),
	(4, 'sip.conf', 'general', 'register', NULL);
SELECT setval('staticsip_id_seq', 100);
