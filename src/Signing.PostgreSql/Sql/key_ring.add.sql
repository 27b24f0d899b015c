INSERT INTO signing.data_protection_key (name, xml) VALUES (@name, @xml);
