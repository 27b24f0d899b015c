using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Signing.PostgreSql.Tests.DataProtection;

/// <summary>What the nodes of these tests encrypt their key rings with.</summary>
internal static class RingCertificate
{
    public static X509Certificate2 Value { get; } = Make();

    public static X509Certificate2 Make()
    {
        using RSA key = RSA.Create(2048);
        var request = new CertificateRequest("CN=tests", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
    }
}
