INSERT INTO signing.workspace (id, version, name, enabled, disclosure, bundle_id_required, default_lifetime, rotation_age, rotation_overlap, created_at, created_by, search)
VALUES (@id, @version, @name, @enabled, @disclosure, @bundle_id_required, @default_lifetime, @rotation_age, @rotation_overlap, @created_at, @created_by,
       @search)
ON CONFLICT (id) DO UPDATE SET
       version = excluded.version, name = excluded.name, enabled = excluded.enabled, disclosure = excluded.disclosure,
       bundle_id_required = excluded.bundle_id_required, default_lifetime = excluded.default_lifetime, rotation_age = excluded.rotation_age,
       rotation_overlap = excluded.rotation_overlap, created_at = excluded.created_at, created_by = excluded.created_by, search = excluded.search
