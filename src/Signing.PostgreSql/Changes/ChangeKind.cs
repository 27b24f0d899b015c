namespace Signing.PostgreSql;

// What a node may have in memory that another one has changed. The numbers stand in the database.
internal enum ChangeKind : short
{
    None = 0,

    // By the id of the row.
    Workspace = 1,
    Application = 2,
    Credential = 3,
    SharingKey = 4,

    // By the id of one grant, or by an owner and its value, joined by a space.
    Grant = 5,
    GrantsOfOwner = 6,

    // Without a subject.
    MasterKey = 7,

    // By the public Key; by the hash, in hexadecimal; by the Key that long-lived tokens name as their parent's.
    CredentialKey = 8,
    TokenHash = 9,
    ParentKey = 10,

    // Without a subject: so much at once that whoever keeps anything forgets all of it.
    Everything = 11,
}
