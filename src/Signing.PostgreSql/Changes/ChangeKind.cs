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
}
