SELECT NOT EXISTS (SELECT FROM signing.data_protection_key);
