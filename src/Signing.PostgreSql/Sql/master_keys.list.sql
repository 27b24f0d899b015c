SELECT version, sealed, created FROM signing.master_key ORDER BY version;
