using System.Security.Cryptography;
using System.Text.Json;

namespace Signing.AspNetCore;

// The document on the disk: replaced as a whole, so that a crash at any point leaves the former one or the new one.
internal sealed class CredentialFile(string path, Disk disk)
{
    // Gives how many credentials there are; how many rows time has ended, and how many Secrets were sealed with an old key of the ring.
    public (int Count, int Settled, int Resealed) Load(CredentialLedger ledger, SecretSeal seal)
    {
        CredentialDocument? document = File.Exists(path) ? Read() : null;
        if (document is not null && !seal.OpensCanary(document.Canary))
        {
            throw new CredentialStoreException(
                CredentialStoreFault.WrongKeyRing,
                $"The Secrets in {path} do not open with this host's Data Protection key ring. Give the host the key ring and the application name that it had when the file was written "
                + "(PersistKeysTo…, SetApplicationName), without any of its keys deleted or revoked.");
        }

        try
        {
            (int settled, int resealed) = ledger.Load(document);
            return (document?.Credentials.Count ?? 0, settled, resealed);
        }
        catch (CryptographicException exception)
        {
            throw new CredentialStoreException(
                CredentialStoreFault.Corrupt,
                $"A Secret in {path} does not open, although others do: it was sealed for another credential or version, or its key is gone from the key ring. Restore the file, or the ring.",
                exception);
        }
        catch (ArgumentException exception)
        {
            throw new CredentialStoreException(
                CredentialStoreFault.Corrupt,
                $"A row in {path} is none that this version has written: no credential, or no sharing key, can be made of it. Nothing was changed: restore the file from a backup.",
                exception);
        }
    }

    public bool Exists => File.Exists(path);

    public void Write(CredentialDocument document) =>
        disk.Rewrite(path, file => disk.Write(file, JsonSerializer.SerializeToUtf8Bytes(document, CredentialJson.Default.CredentialDocument)));

    public FileLock Lock()
    {
        disk.MakeDirectoryOf(path);
        return disk.Lock(path, exception => new CredentialStoreException(
            CredentialStoreFault.Locked,
            $"The file of credentials {path} is in use. One process at a time may write it: stop the other one, or give this one a path of its own. Nodes that share credentials need a store that they share.",
            exception));
    }

    private CredentialDocument Read()
    {
        try
        {
            using FileStream file = disk.Acquire(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            CredentialDocument document = JsonSerializer.Deserialize(file, CredentialJson.Default.CredentialDocument) ?? throw new JsonException("The document is null.");
            if (document.Format != CredentialDocument.CurrentFormat)
            {
                throw new JsonException("The document is of another format.");
            }

            CredentialDocumentRules.Require(document);
            return document;
        }
        catch (JsonException exception)
        {
            throw new CredentialStoreException(
                CredentialStoreFault.Corrupt,
                $"The file of credentials {path} cannot be read: {exception.Message} Nothing was changed: restore it from a backup.",
                exception);
        }
    }
}
