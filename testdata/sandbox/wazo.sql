-- The tables of a Wazo node that hold how long registrations last, with two
-- tenants, some phones and a trunk; users, who follow the master, and records of
-- calls, which do not.
CREATE TYPE endpoint_sip_section_type AS ENUM ('aor', 'auth', 'endpoint', 'identify', 'outbound_auth', 'registration_outbound_auth', 'registration');
CREATE TABLE tenant (uuid varchar(36) PRIMARY KEY, slug varchar(10), sip_templates_generated boolean NOT NULL, global_sip_template_uuid uuid);
CREATE TABLE endpoint_sip (uuid uuid PRIMARY KEY DEFAULT gen_random_uuid(), label text, name text NOT NULL UNIQUE, asterisk_id text, tenant_uuid varchar(36) NOT NULL REFERENCES tenant (uuid) ON DELETE CASCADE, template boolean);
ALTER TABLE tenant ADD FOREIGN KEY (global_sip_template_uuid) REFERENCES endpoint_sip (uuid) ON DELETE SET NULL;
CREATE TABLE endpoint_sip_section (uuid uuid PRIMARY KEY DEFAULT gen_random_uuid(), type endpoint_sip_section_type NOT NULL, endpoint_sip_uuid uuid NOT NULL REFERENCES endpoint_sip (uuid) ON DELETE CASCADE, UNIQUE (type, endpoint_sip_uuid));
CREATE TABLE endpoint_sip_section_option (uuid uuid PRIMARY KEY DEFAULT gen_random_uuid(), key text NOT NULL, value text NOT NULL, endpoint_sip_section_uuid uuid NOT NULL REFERENCES endpoint_sip_section (uuid) ON DELETE CASCADE);
CREATE TABLE endpoint_sip_template (child_uuid uuid REFERENCES endpoint_sip (uuid), parent_uuid uuid REFERENCES endpoint_sip (uuid), priority integer, PRIMARY KEY (child_uuid, parent_uuid));
CREATE TABLE userfeatures (id serial PRIMARY KEY, uuid varchar(38) NOT NULL UNIQUE DEFAULT gen_random_uuid(), firstname varchar(128) NOT NULL DEFAULT '', lastname varchar(128) NOT NULL DEFAULT '', email varchar(254) UNIQUE, tenant_uuid varchar(36) NOT NULL REFERENCES tenant (uuid));
CREATE TABLE cel (id serial PRIMARY KEY, eventtype text NOT NULL, eventtime timestamptz NOT NULL, cid_num text NOT NULL, exten text NOT NULL, uniqueid text NOT NULL, linkedid text NOT NULL);

INSERT INTO tenant VALUES ('11111111-1111-4111-8111-111111111111', 'main', true, NULL), ('22222222-2222-4222-8222-222222222222', 'branch', true, NULL);
INSERT INTO endpoint_sip (uuid, label, name, tenant_uuid, template) VALUES
	('aaaaaaaa-0000-4000-8000-000000000001', 'global', 'global-main', '11111111-1111-4111-8111-111111111111', true),
	('aaaaaaaa-0000-4000-8000-000000000002', 'global', 'global-branch', '22222222-2222-4222-8222-222222222222', true),
	('aaaaaaaa-0000-4000-8000-000000000003', NULL, 'reception', '11111111-1111-4111-8111-111111111111', false),
	('aaaaaaaa-0000-4000-8000-000000000004', 'provider', 'trunk1', '11111111-1111-4111-8111-111111111111', false);
UPDATE tenant SET global_sip_template_uuid = e.uuid FROM endpoint_sip e WHERE e.tenant_uuid = tenant.uuid AND e.template;
INSERT INTO endpoint_sip_section (uuid, type, endpoint_sip_uuid) VALUES
	('bbbbbbbb-0000-4000-8000-000000000001', 'aor', 'aaaaaaaa-0000-4000-8000-000000000001'),
	('bbbbbbbb-0000-4000-8000-000000000003', 'aor', 'aaaaaaaa-0000-4000-8000-000000000003'),
	('bbbbbbbb-0000-4000-8000-000000000004', 'registration', 'aaaaaaaa-0000-4000-8000-000000000004');
INSERT INTO endpoint_sip_section_option (uuid, key, value, endpoint_sip_section_uuid) VALUES
	('cccccccc-0000-4000-8000-000000000001', 'minimum_expiration', '60', 'bbbbbbbb-0000-4000-8000-000000000001'),
	('cccccccc-0000-4000-8000-000000000002', 'default_expiration', '120', 'bbbbbbbb-0000-4000-8000-000000000001'),
	('cccccccc-0000-4000-8000-000000000003', 'maximum_expiration', '3600', 'bbbbbbbb-0000-4000-8000-000000000001'),
	('cccccccc-0000-4000-8000-000000000004', 'remove_existing', 'true', 'bbbbbbbb-0000-4000-8000-000000000001'),
	('cccccccc-0000-4000-8000-000000000005', 'maximum_expiration', '7200', 'bbbbbbbb-0000-4000-8000-000000000003'),
	('cccccccc-0000-4000-8000-000000000006', 'expiration', '3600', 'bbbbbbbb-0000-4000-8000-000000000004');
