-- What each part of Rokuon may do to a catalog on PostgreSQL, where each has a login of its own.
-- Run as the owner of the tables (whose login the API has) once the keeper has made them, and again
-- after each upgrade (docs/seals.md, Grants on PostgreSQL):
--   psql -v keeper=rokuon_keeper -v retention=rokuon_retention -f grants.sql DATABASE
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO :"keeper", :"retention";
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO :"keeper", :"retention";
-- Rows that decide who may do what are the API's to write.
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON
    "user", service, role_gift, os_name, token, credential, sign_in_code, session, confirmation,
    proposal, approval, one_person, standing_approval, destruction_plan,
    retention_revision, revision_call_back, row_seal
    FROM :"keeper", :"retention";
-- What becomes of a plan is the runner's.
GRANT UPDATE (begun_us, last_us, waits, ended_us, ended, ended_by) ON destruction_plan
    TO :"retention";
