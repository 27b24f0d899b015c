namespace Signing.PostgreSql;

// What a reading of the changes has found.
internal enum ChangeReading
{
    Nothing = 0,

    // The first one: there is nothing to compare it with.
    First,

    // Changes that follow on what was known.
    Changed,

    // Something that does not: changes were missed for good, or the database is another copy of itself.
    Unknown,
}
