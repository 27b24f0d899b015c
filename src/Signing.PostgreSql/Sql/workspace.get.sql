SELECT id, version, name, enabled, disclosure, bundle_id_required, default_lifetime, rotation_age, rotation_overlap, created_at, created_by
FROM signing.workspace WHERE id = ANY (@ids)
