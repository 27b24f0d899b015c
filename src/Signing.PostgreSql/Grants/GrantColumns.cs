using System.Buffers.Binary;
using Npgsql;
using NpgsqlTypes;
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

    public static NpgsqlParameter IdOf(UInt128 id) => new NpgsqlParameter<Guid>("id", NpgsqlDbType.Uuid) { TypedValue = ToGuid(id) };

    /// <summary>Gets the id as PostgreSQL shows it: the hexadecimal digits of the number.</summary>
    public static Guid ToGuid(UInt128 id)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, id);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>Adds what never changes in a grant.</summary>
    public static void AddLogIn(NpgsqlParameterCollection parameters, Grant grant)
    {
        parameters.Add(IdOf(grant.Id));
        AddText(parameters, "client_key", grant.ClientKey);
        AddText(parameters, "credential_id", grant.CredentialId);
        AddText(parameters, "application_id", grant.ApplicationId);
        AddText(parameters, "acting_workspace_id", grant.ActingWorkspaceId);
        AddText(parameters, "workspace_id", grant.WorkspaceId);
        AddText(parameters, "sharing_key_id", grant.SharingKeyId);
        AddTime(parameters, "issued", grant.Issued);
    }

    /// <summary>Adds what a refresh, a use or a revocation changes.</summary>
    public static void AddState(NpgsqlParameterCollection parameters, Grant grant)
    {
        parameters.Add(new NpgsqlParameter<string[]>("scopes", NpgsqlDbType.Array | NpgsqlDbType.Text) { TypedValue = [.. grant.Scopes] });
        parameters.Add(new NpgsqlParameter<int>("sequence", NpgsqlDbType.Integer) { TypedValue = grant.Sequence });
        parameters.Add(new NpgsqlParameter<int>("key_version", NpgsqlDbType.Integer) { TypedValue = grant.KeyVersion });
        AddTime(parameters, "rotated_at", grant.RotatedAt);
        AddTime(parameters, "access_expires", grant.AccessExpires);
        AddTime(parameters, "refresh_expires", grant.RefreshExpires);
        parameters.Add(new NpgsqlParameter<bool>("is_used", NpgsqlDbType.Boolean) { TypedValue = grant.IsUsed });
        AddTime(parameters, "revoked_at", grant.RevokedAt);
        AddReason(parameters, "revoked_for", grant.RevokedFor);
    }

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

    public static void AddReason(NpgsqlParameterCollection parameters, string name, RevocationReason reason) =>
        parameters.Add(new NpgsqlParameter<short>(name, NpgsqlDbType.Smallint) { TypedValue = (short)reason });

    private static void AddText(NpgsqlParameterCollection parameters, string name, string? value) =>
        parameters.Add(new NpgsqlParameter(name, NpgsqlDbType.Text) { Value = value ?? (object)DBNull.Value });

    // The database keeps microseconds: the rest of a tick is cut off.
    private static void AddTime(NpgsqlParameterCollection parameters, string name, DateTimeOffset? time) =>
        parameters.Add(new NpgsqlParameter(name, NpgsqlDbType.TimestampTz) { Value = time is { } value ? value.UtcDateTime : DBNull.Value });

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
