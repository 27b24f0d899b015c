using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Logging.Abstractions;

namespace Signing.PostgreSql;

/// <summary>Takes over a folder of Data Protection keys as they are, so that what they have sealed opens on every node.</summary>
internal sealed class KeyRingImport(Database database)
{
    /// <returns>How many keys and revocations there were.</returns>
    public async Task<int> RunAsync(string folder, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"There is no folder {folder} of Data Protection keys to import.");
        }

        XElement[] elements = [.. new FileSystemXmlRepository(new DirectoryInfo(folder), NullLoggerFactory.Instance).GetAllElements()];
        if (elements.Length == 0)
        {
            throw new InvalidOperationException($"The folder {folder} has no Data Protection keys. Name the one that PersistKeysToFileSystem was given.");
        }

        return await new Transactions(database, new ChangeFeed()).RunAsync(
            async (session, cancellation) =>
            {
                await session.Command("key_ring.alone").RunAsync(cancellation).ConfigureAwait(false);
                await EmptyTables.RequireAsync(session, "key_ring.is_empty", "Data Protection keys already: a folder was imported, or a node has started", cancellation).ConfigureAwait(false);

                foreach (XElement element in elements)
                {
                    await session.Command("key_ring.add").Text("name", $"{element.Name.LocalName}-{element.Attribute("id")?.Value ?? "imported"}")
                        .Text("xml", element.ToString(SaveOptions.DisableFormatting)).RunAsync(cancellation).ConfigureAwait(false);
                }

                return (elements.Length, true);
            },
            cancellationToken).ConfigureAwait(false);
    }
}
