using Microsoft.Extensions.Options;
using Signing.AspNetCore;

namespace Signing.PostgreSql;

/// <summary>Configures what is kept in PostgreSQL; wrong values stop the host at start.</summary>
public sealed class PostgreSqlOptions
{
    /// <summary>The longest that <see cref="Schema"/> may be: 40 characters.</summary>
    public const int MaxSchemaLength = 40;

    /// <summary>The schema that holds every table, 1 to <see cref="MaxSchemaLength"/> small letters, digits and underscores, the first a letter: <c>signing</c> unless set.</summary>
    /// <remarks>Hosts that share credentials name the same schema of the same database.</remarks>
    public string Schema { get; set; } = "signing";

    /// <summary>Whether the host brings the tables up to date when it starts, which it does unless set; else one that is behind stops the start.</summary>
    /// <remarks>It takes the right to create tables. For a host without it, have <see cref="PostgreSqlMigrations.Script"/> run by whoever may.</remarks>
    public bool MigrateAtStart { get; set; } = true;

    /// <summary>How long a statement may take, from 100 milliseconds to a minute: 5 seconds unless set.</summary>
    /// <remarks>What takes longer counts as unreachable, and the request gets 503.</remarks>
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How a node hears of changes, and how long it may go on without hearing.</summary>
    public PropagationOptions Propagation { get; } = new();

    /// <summary>How this node claims signatures.</summary>
    public ClaimOptions Claims { get; } = new();

    /// <summary>How many grants are kept at once, from 16 to 1,000,000,000: 10,000,000 unless set; one client may hold a quarter of them, and half of what is free.</summary>
    /// <remarks>A grant takes about 1 KB of disk, its indexes included. Name the same number on every node.</remarks>
    public int GrantCapacity { get; set; } = 10_000_000;

    /// <summary>What every new Key, Secret and ApiToken begins with, 1 to 16 small letters and digits, the first a letter: <c>sgn</c> unless set.</summary>
    /// <remarks><see cref="ApiTokenOptions.Prefix"/> and <see cref="TokenOptions.Prefix"/> follow it unless they are set.</remarks>
    public string Prefix { get; set; } = CredentialFormat.UsualPrefix;

    /// <summary>Whether the host may start outside Development although the key ring that seals the Secrets is not encrypted itself.</summary>
    /// <remarks>Whoever reads such a key ring together with the database can sign as every client.</remarks>
    public bool AllowUnprotectedKeyRing { get; set; }

    /// <summary>Checks every value.</summary>
    /// <exception cref="OptionsValidationException">A value is outside its limits.</exception>
    public void Validate()
    {
        List<string> failures = [];
        if (!IsSchema(Schema))
        {
            failures.Add($"Schema must have 1 to {MaxSchemaLength} small letters, digits and underscores, the first a letter.");
        }

        if (CommandTimeout < TimeSpan.FromMilliseconds(100) || CommandTimeout > TimeSpan.FromMinutes(1))
        {
            failures.Add("CommandTimeout must be from 100 milliseconds to a minute.");
        }

        if (GrantCapacity is < 16 or > 1_000_000_000)
        {
            failures.Add("GrantCapacity must be from 16 to 1,000,000,000.");
        }

        if (!CredentialFormat.IsPrefix(Prefix))
        {
            failures.Add($"Prefix must have 1 to {CredentialFormat.MaxPrefixLength} small letters and digits, the first a letter.");
        }

        Propagation.AddFailures(failures);
        Claims.AddFailures(failures);
        if (failures.Count > 0)
        {
            throw new OptionsValidationException(nameof(PostgreSqlOptions), typeof(PostgreSqlOptions), failures);
        }
    }

    // It becomes part of every statement, so nothing in it may need quoting.
    internal static bool IsSchema(string? schema) =>
        schema is { Length: >= 1 and <= MaxSchemaLength } && char.IsAsciiLetterLower(schema[0]) && schema.All(character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character == '_');
}
