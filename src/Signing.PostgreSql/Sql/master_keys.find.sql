SELECT version, sealed, created FROM signing.master_key WHERE version = @version;
