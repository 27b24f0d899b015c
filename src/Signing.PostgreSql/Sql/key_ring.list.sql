SELECT xml FROM signing.data_protection_key ORDER BY id;
