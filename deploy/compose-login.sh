#!/bin/sh
# The login that the containers use: it bears the roles, it is no superuser.
set -eu
psql --set ON_ERROR_STOP=1 --username postgres --dbname branchbook --set password="$POSTGRES_PASSWORD" <<'SQL'
alter role branchbook with login password :'password';
grant create on database branchbook to branchbook_owner, branchbook_views, branchbook;
grant create, usage on schema public to branchbook;
SQL
