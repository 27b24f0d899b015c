using Signing.AspNetCore;

namespace Signing.PostgreSql;

// A grant as the database has it, or that it has none, and the number of the last change that the statement has seen.
internal readonly record struct StoredGrant(Grant? Grant, long Seen);
