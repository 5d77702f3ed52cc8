-- What each part of Rokuon may do to a catalog on PostgreSQL, where each has a login of its own.
-- Run as the owner of the tables (whose login the API has) once the keeper has made them, and again
-- after each upgrade (docs/seals.md, Grants on PostgreSQL):
--   psql -v keeper=rokuon_keeper -v retention=rokuon_retention -f grants.sql DATABASE
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO :"keeper", :"retention";
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO :"keeper", :"retention";
-- Rows that decide who may do what are the API's to write.
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON
    "user", service, role_gift, os_name, token, credential, sign_in_code, session, confirmation,
    proposal, proposal_comment, proposal_recording, approval, one_person, standing_approval, destruction_plan,
    retention_revision, revision_call_back, row_seal
    FROM :"keeper", :"retention";
-- So are holds and freezes, what people and other systems told, and what the API counts.
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON
    hold, case_measure, retention_event, agent_import, agent_period, agent_name,
    job, use_limit, limit_round, due_count
    FROM :"keeper", :"retention";
-- But how many keys a hold keeps, when a part has come that it has.
GRANT UPDATE (kept_keys) ON hold TO :"keeper";
-- The keeper destroys nothing: it neither plans, nor says that something went.
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON
    planned_recording, kept_facts, certificate, correction,
    tombstone, tombstone_count, disputed_tombstone
    FROM :"keeper";
-- The runner places tombstones and counts them. Which of them nobody believes two persons say.
REVOKE UPDATE, DELETE, TRUNCATE ON tombstone FROM :"retention";
REVOKE DELETE, TRUNCATE ON tombstone_count FROM :"retention";
REVOKE INSERT, UPDATE, TRUNCATE ON disputed_tombstone FROM :"retention";
-- It takes lines of plans on their way, and makes none.
REVOKE INSERT, DELETE, TRUNCATE ON planned_recording FROM :"retention";
-- What becomes of a plan is the runner's.
GRANT UPDATE (begun_us, last_us, waits, ended_us, ended, ended_by) ON destruction_plan
    TO :"retention";
