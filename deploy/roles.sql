-- Roles of a Branchbook database. Run once as a superuser, before the first `branchbook migrate`; twice does no harm.
-- (`branchbook migrate` makes them itself when its login may create roles, as the embedded server's does.)
--
--   branchbook         the login of all processes; it owns nothing and bears the roles below (SET ROLE)
--   branchbook_owner   owns the record and the service tables; borne by `branchbook migrate` only
--   branchbook_views   owns the views; borne by `branchbook follow` and `rebuild`
--   branchbook_app     reads the record and the views, appends through one function; borne by `serve` and `work`
--   branchbook_desk    reads the views
--   branchbook_verify  reads the record; give it to the auditor
--
-- No role may update, delete or truncate a page: the application has no such right, and a trigger refuses the owner.
-- Where the processes must be kept apart, make a login for each and grant it only its role.

do $$
declare
    r text;
begin
    foreach r in array array['branchbook_owner', 'branchbook_views', 'branchbook_app', 'branchbook_desk', 'branchbook_verify'] loop
        if not exists (select from pg_roles where rolname = r) then
            execute format('create role %I nologin', r);
        end if;
    end loop;
    if not exists (select from pg_roles where rolname = 'branchbook') then
        create role branchbook nologin; -- alter role branchbook with login password '…'
    end if;
end
$$;

grant branchbook_owner, branchbook_views, branchbook_app, branchbook_desk, branchbook_verify to branchbook;

-- In the database itself:
--   grant create on database branchbook to branchbook_owner, branchbook_views, branchbook;
--   grant create, usage on schema public to branchbook;
