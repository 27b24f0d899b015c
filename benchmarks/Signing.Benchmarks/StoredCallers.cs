using System.Globalization;
using Microsoft.AspNetCore.DataProtection;
using Signing.AspNetCore;

namespace Signing.Benchmarks;

/// <summary>A file of a number of credentials, and a signed request of each of some of them.</summary>
internal sealed class StoredCallers : IDisposable
{
    private const int MaxLine = 1024;

    private static readonly Stamp Root = new(DateTimeOffset.UnixEpoch, "root");

    private readonly string _directory = Directory.CreateTempSubdirectory("signing-benchmark-").FullName;
    private readonly MessageVerifier _verifier = new(Workload.Policy);
    private readonly FileCredentialStore _store;
    private readonly CanonicalRequest[] _requests;
    private int _next;

    public StoredCallers(int credentials, int callers, Workload workload)
    {
        var seal = new SecretSeal(new EphemeralDataProtectionProvider());
        string path = Path.Combine(_directory, "credentials.json");
        new CredentialFile(path, new Disk()).Write(new CredentialDocument
        {
            Format = CredentialDocument.CurrentFormat,
            Canary = seal.SealCanary(),
            LastEvent = 0,
            Workspaces = [new WorkspaceRecord { Id = "ws_1", Name = "Acme", Created = Root }],
            Applications = [new ApplicationRecord { Id = "app_1", WorkspaceId = "ws_1", Name = "Orders", Created = Root }],
            Credentials = [.. Enumerable.Range(0, credentials).Select(i => RowOf(i, seal))],
            SharingKeys = [],
            Audit = [],
        });
        _store = FileCredentialStore.Open(path, seal);

        // Spread over all of them, not the first ones.
        _requests = [.. Enumerable.Range(0, callers).Select(i => Sign(workload, i * (credentials / callers)))];
        for (int i = 0; i < callers; i++)
        {
            if (Verify() != CredentialStatus.Valid)
            {
                throw new InvalidOperationException("The request does not verify.");
            }
        }
    }

    /// <summary>Verifies the request of the next caller: read, look up, MAC, state of the credential, and whether its use is to be noted.</summary>
    public CredentialStatus Verify()
    {
        _next = _next + 1 == _requests.Length ? 0 : _next + 1;
        ref readonly CanonicalRequest request = ref _requests[_next];
        Span<char> buffer = stackalloc char[SignatureLimits.MaxKeyIdLength];
        if (!_verifier.TryRead(in request, out SignatureCandidates candidates, out _)
            || !_store.TryGetCached(candidates[0].GetKeyId(in request, buffer), out Credential? credential)
            || _verifier.Verify(in request, candidates[0], credential!.Secrets, out int matched, out _) != SignatureStatus.Verified)
        {
            return CredentialStatus.None;
        }

        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        CredentialStatus status = credential.Evaluate(matched, now);
        credential.TryNoteUse(matched, now);
        return status;
    }

    public void Dispose()
    {
        _store.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private static string KeyOf(int number) => string.Create(CultureInfo.InvariantCulture, $"shop_key_live_{number:0000000000000000000000}");

    private static string SecretOf(int number) => string.Create(CultureInfo.InvariantCulture, $"shop_secret_live_{number:0000000000000000000000000000000000000000000000000}");

    private static CredentialRecord RowOf(int number, SecretSeal seal)
    {
        string id = string.Create(CultureInfo.InvariantCulture, $"crd_{number}");
        return new CredentialRecord
        {
            Id = id,
            ApplicationId = "app_1",
            WorkspaceId = "ws_1",
            Kind = CredentialKind.KeyPair,
            Key = KeyOf(number),
            Name = id,
            Environment = "live",
            Secrets = [new SecretRecord { Version = 1, Hint = "0000", Disclosure = SecretDisclosure.Once, Created = Root.At, Sealed = seal.Seal(id, 1, SecretOf(number)) }],
            Created = Root,
        };
    }

    private static CanonicalRequest Sign(Workload workload, int number)
    {
        CanonicalRequest request = workload.Unsigned;
        using var key = new SigningKey(KeyOf(number), SecretOf(number));
        Span<char> input = stackalloc char[MaxLine];
        Span<char> signature = stackalloc char[MaxLine];
        if (!workload.Signer.TrySign(in request, key, input, signature, out int inputLength, out int signatureLength, out SignatureStatus refusal))
        {
            throw new InvalidOperationException($"The request cannot be signed: {refusal}.");
        }

        return request.With(new("signature-input", input[..inputLength].ToString()), new("signature", signature[..signatureLength].ToString()));
    }
}
