using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Signing.Interop.Tests.Support;

/// <summary>A certificate for every name of the matrix, signed by itself and trusted by both kinds of callers.</summary>
public sealed class Certificate : IDisposable
{
    private readonly X509Certificate2 _certificate;

    public Certificate(string[] names)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (string name in names)
        {
            if (IPAddress.TryParse(name, out IPAddress? address))
            {
                alternatives.AddIpAddress(address);
                continue;
            }

            alternatives.AddDnsName(name);
        }

        var request = new CertificateRequest("CN=" + names[0], key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(alternatives.Build());
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        _certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        WithKey = Text + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n";
    }

    public string Text => _certificate.ExportCertificatePem();

    public string WithKey { get; }

    /// <summary>Trusts this certificate and no other.</summary>
    public X509ChainPolicy Trust()
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(_certificate);
        return policy;
    }

    public void Dispose() => _certificate.Dispose();
}
