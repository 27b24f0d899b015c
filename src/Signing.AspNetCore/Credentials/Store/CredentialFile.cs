using System.Text.Json;

namespace Signing.AspNetCore;

// The document on the disk: replaced as a whole, so that a crash at any point leaves the former one or the new one.
internal sealed class CredentialFile(string path, JournalDisk disk)
{
    public const string NewEnding = ".new";
    public const string LockEnding = ".lock";

    public CredentialDocument? Read()
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            using FileStream file = disk.Open(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            CredentialDocument document = JsonSerializer.Deserialize(file, CredentialJson.Default.CredentialDocument) ?? throw new JsonException("The document is null.");
            return document.Format == CredentialDocument.CurrentFormat ? document : throw new JsonException("The document is of another format.");
        }
        catch (JsonException exception)
        {
            throw new CredentialStoreException(
                CredentialStoreFault.Corrupt,
                $"The file of credentials {path} cannot be read: {exception.Message} Nothing was changed: restore it from a backup.",
                exception);
        }
    }

    public void Write(CredentialDocument document)
    {
        using (FileStream file = disk.Open(path + NewEnding, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            disk.Write(file, JsonSerializer.SerializeToUtf8Bytes(document, CredentialJson.Default.CredentialDocument));
            disk.Flush(file);
        }

        disk.Replace(path + NewEnding, path);
        disk.FlushDirectory(Path.GetDirectoryName(path)!);
    }

    public FileStream Lock()
    {
        string directory = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(directory))
        {
            Directory.CreateDirectory(directory);
            disk.FlushDirectory(Path.GetDirectoryName(directory)!);
        }

        try
        {
            return disk.Open(path + LockEnding, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (exception.GetType() == typeof(IOException))
        {
            throw new CredentialStoreException(
                CredentialStoreFault.Locked,
                $"The file of credentials {path} is in use. One process at a time may write it: stop the other one, or give this one a path of its own. Nodes that share credentials need a store that they share.",
                exception);
        }
    }
}
