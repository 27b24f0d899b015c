using Microsoft.AspNetCore.DataProtection;
using Npgsql;
using Signing.AspNetCore;

namespace Signing.PostgreSql;

/// <summary>Takes over what a host has kept in files, when one process is no longer enough.</summary>
public static class PostgreSqlImport
{
    /// <summary>Imports a folder of Data Protection keys, all of them or nothing, into a table that has none; do it before the other imports, whose Secrets and master keys it opens.</summary>
    /// <param name="source">The database, whose tables are made if they are missing.</param>
    /// <param name="folder">The folder of <c>PersistKeysToFileSystem</c>; it stays as it is.</param>
    /// <param name="schema">The schema, as in <see cref="PostgreSqlOptions.Schema"/>.</param>
    /// <param name="cancellationToken">Ends the wait; nothing is imported then, unless all was already.</param>
    /// <returns>How many keys and revocations were imported, encrypted as they were: the nodes need the same certificate or vault.</returns>
    /// <exception cref="ArgumentException"><paramref name="schema"/> is not one that the options would take.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidOperationException">The folder has no keys, or the table has some already.</exception>
    /// <exception cref="PostgreSqlStartException">The tables are of a later version.</exception>
    /// <exception cref="NpgsqlException">The database cannot be reached; nothing is imported.</exception>
    public static async Task<int> ImportKeyRingAsync(NpgsqlDataSource source, string folder, string schema = "signing", CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        Database database = await TablesAsync(source, schema, cancellationToken).ConfigureAwait(false);
        return await new KeyRingImport(database).RunAsync(Path.GetFullPath(folder), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Imports a file of credentials with its audit, all of it or nothing, into tables that have none.</summary>
    /// <param name="source">The database, whose tables are made if they are missing.</param>
    /// <param name="path">The file, which no host may have open; it stays as it is.</param>
    /// <param name="seal">The key ring that the file was written with, and that every node has from now on.</param>
    /// <param name="schema">The schema, as in <see cref="PostgreSqlOptions.Schema"/>.</param>
    /// <param name="cancellationToken">Ends the wait; nothing is imported then, unless all was already.</param>
    /// <returns>How many credentials were imported; nodes that run on the empty tables meet them from then on.</returns>
    /// <exception cref="ArgumentException"><paramref name="schema"/> is not one that the options would take.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="CredentialStoreException">A host has the file open, it is damaged, or it was written with another key ring.</exception>
    /// <exception cref="InvalidOperationException">The tables have credentials or events already.</exception>
    /// <exception cref="PostgreSqlStartException">The tables are of a later version, or have a canary of another key ring.</exception>
    /// <exception cref="NpgsqlException">The database cannot be reached, or refuses a row; nothing is imported.</exception>
    public static async Task<int> ImportCredentialFileAsync(NpgsqlDataSource source, string path, SecretSeal seal, string schema = "signing", CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(seal);
        Database database = await TablesAsync(source, schema, cancellationToken).ConfigureAwait(false);
        return await new CredentialImport(database, seal).RunAsync(Path.GetFullPath(path), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Imports a journal of grants with its master keys, all of it or nothing, into tables that have none; every token stays as good as it was.</summary>
    /// <param name="source">The database, whose tables are made if they are missing.</param>
    /// <param name="path">The file that was <see cref="TokenOptions.JournalPath"/>, which no host may have open; it stays as it is.</param>
    /// <param name="keyRing">Data Protection with the key ring and the application name of the journal's host, which every node has from now on.</param>
    /// <param name="schema">The schema, as in <see cref="PostgreSqlOptions.Schema"/>.</param>
    /// <param name="cancellationToken">Ends the wait; nothing is imported then, unless all was already.</param>
    /// <returns>How many grants were imported; those that have ended are left.</returns>
    /// <exception cref="ArgumentException"><paramref name="schema"/> is not one that the options would take.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="TokenStartException">A host has the file open, it is damaged, or its master key was sealed with another key ring.</exception>
    /// <exception cref="InvalidOperationException">The tables have grants or master keys already.</exception>
    /// <exception cref="PostgreSqlStartException">The tables are of a later version.</exception>
    /// <exception cref="NpgsqlException">The database cannot be reached, or refuses a row; nothing is imported.</exception>
    /// <remarks>Import before a node that makes tokens has started on the database: it makes a master key of its own. Keep <see cref="TokenOptions.Issuer"/> as it was.</remarks>
    public static async Task<int> ImportGrantJournalAsync(
        NpgsqlDataSource source, string path, IDataProtectionProvider keyRing, string schema = "signing", CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(keyRing);
        Database database = await TablesAsync(source, schema, cancellationToken).ConfigureAwait(false);
        return await new GrantImport(database, new MasterKeySeal(keyRing)).RunAsync(Path.GetFullPath(path), cancellationToken).ConfigureAwait(false);
    }

    private static async Task<Database> TablesAsync(NpgsqlDataSource source, string schema, CancellationToken cancellationToken)
    {
        if ((await PostgreSqlMigrations.GetMissingAsync(source, schema, cancellationToken).ConfigureAwait(false)).Count > 0)
        {
            await PostgreSqlMigrations.ApplyAsync(source, schema, cancellationToken).ConfigureAwait(false);
        }

        return new Database(source, new PostgreSqlOptions { Schema = schema });
    }
}
