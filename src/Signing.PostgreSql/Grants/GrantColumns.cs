using System.Buffers.Binary;
using Npgsql;
using Signing.AspNetCore;

namespace Signing.PostgreSql;

/// <summary>A grant as a row: what is read in the order of the statements, and what is written under its names.</summary>
internal static class GrantColumns
{
    /// <summary>Where the time stands that a statement gives beside a row, if it gives one.</summary>
    public const int Now = 18;

    // Before the columns of the row stands the number of the last change that the statement has seen.
    private const int Seen = 0;
    private const int Id = 1;

    /// <summary>Reads the row that the reader is at; the grant is null where the statement found none.</summary>
    public static StoredGrant Read(NpgsqlDataReader row) => new(row.IsDBNull(Id) ? null : GrantOf(row), row.GetInt64(Seen));

    public static NpgsqlCommand GrantId(this NpgsqlCommand command, UInt128 id) => command.Uuid("id", ToGuid(id));

    /// <summary>Gets the id as PostgreSQL shows it: the hexadecimal digits of the number.</summary>
    public static Guid ToGuid(UInt128 id)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, id);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>Adds what never changes in a grant.</summary>
    public static NpgsqlCommand GrantLogIn(this NpgsqlCommand command, Grant grant) => command
        .GrantId(grant.Id)
        .Text("client_key", grant.ClientKey)
        .Text("credential_id", grant.CredentialId)
        .Text("application_id", grant.ApplicationId)
        .Text("acting_workspace_id", grant.ActingWorkspaceId)
        .Text("workspace_id", grant.WorkspaceId)
        .Text("sharing_key_id", grant.SharingKeyId)
        .Instant("issued", grant.Issued);

    /// <summary>Adds what a refresh, a use or a revocation changes.</summary>
    public static NpgsqlCommand GrantState(this NpgsqlCommand command, Grant grant) => command
        .Texts("scopes", grant.Scopes)
        .Number("sequence", grant.Sequence)
        .Number("key_version", grant.KeyVersion)
        .Instant("rotated_at", grant.RotatedAt)
        .Instant("access_expires", grant.AccessExpires)
        .Instant("refresh_expires", grant.RefreshExpires)
        .Flag("is_used", grant.IsUsed)
        .Instant("revoked_at", grant.RevokedAt)
        .Small("revoked_for", (int)grant.RevokedFor);

    /// <summary>Writes a grant as a row of <c>grants.copy</c>, in its order.</summary>
    public static Task CopyAsync(NpgsqlBinaryImporter rows, Grant grant, int part, CancellationToken cancellationToken) => rows.WriteRowAsync(
        cancellationToken,
        ToGuid(grant.Id),
        grant.ClientKey,
        grant.CredentialId,
        grant.ApplicationId,
        grant.ActingWorkspaceId,
        grant.WorkspaceId,
        grant.SharingKeyId,
        grant.Scopes.ToArray(),
        grant.Sequence,
        grant.KeyVersion,
        grant.Issued.UtcDateTime,
        grant.RotatedAt.UtcDateTime,
        grant.AccessExpires.UtcDateTime,
        grant.RefreshExpires?.UtcDateTime,
        grant.IsUsed,
        grant.RevokedAt?.UtcDateTime,
        (short)grant.RevokedFor,
        grant.Ends.UtcDateTime,
        (short)part);

    private static Grant GrantOf(NpgsqlDataReader row) => new()
    {
        Id = ToNumber(row.GetGuid(Id)),
        ClientKey = row.GetString(2),
        CredentialId = row.GetString(3),
        ApplicationId = TextOf(row, 4),
        ActingWorkspaceId = TextOf(row, 5),
        WorkspaceId = TextOf(row, 6),
        SharingKeyId = TextOf(row, 7),
        Scopes = row.GetFieldValue<string[]>(8),
        Sequence = row.GetInt32(9),
        KeyVersion = row.GetInt32(10),
        Issued = row.GetFieldValue<DateTimeOffset>(11),
        RotatedAt = row.GetFieldValue<DateTimeOffset>(12),
        AccessExpires = row.GetFieldValue<DateTimeOffset>(13),
        RefreshExpires = row.IsDBNull(14) ? null : row.GetFieldValue<DateTimeOffset>(14),
        IsUsed = row.GetBoolean(15),
        RevokedAt = row.IsDBNull(16) ? null : row.GetFieldValue<DateTimeOffset>(16),
        RevokedFor = (RevocationReason)row.GetInt16(17),
    };

    private static string? TextOf(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static UInt128 ToNumber(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }
}
