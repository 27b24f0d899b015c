namespace Signing.PostgreSql;

// One thing that has changed: what every node is told of it.
internal readonly record struct ChangeNote(ChangeKind Kind, string Subject = "");
