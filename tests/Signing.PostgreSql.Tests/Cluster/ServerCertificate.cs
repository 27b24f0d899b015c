using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Npgsql;
using Signing.PostgreSql.Tests.Support;

namespace Signing.PostgreSql.Tests.Cluster;

/// <summary>Makes a certificate authority and a certificate of its for 127.0.0.1, and has a running server ask for TLS and a password from then on.</summary>
internal sealed class ServerCertificate(string folder)
{
    private readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();

    /// <summary>Writes the certificate of an authority that has signed nothing.</summary>
    /// <returns>The file.</returns>
    public string WriteAuthority(string name)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 authority = MakeAuthority(key);
        return Write(name, authority.ExportCertificatePem());
    }

    /// <summary>Gives a server its certificate.</summary>
    /// <returns>The file with the certificate of the authority.</returns>
    public async Task<string> InstallAsync(PostgreSqlServer server, string password)
    {
        using ECDsa authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 authority = MakeAuthority(authorityKey);
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=PostgreSQL of the tests", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 certificate = request.Create(authority, _now.AddMinutes(-5), _now.AddDays(1), RandomNumberGenerator.GetBytes(8));

        await server.WriteAsync("server.crt", certificate.ExportCertificatePem());
        await server.WriteAsync("server.key", key.ExportPkcs8PrivateKeyPem());
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(server.ConnectionString);
        await RunAsync(source, $"ALTER ROLE CURRENT_USER PASSWORD '{password.Replace("'", "''", StringComparison.Ordinal)}'");
        await RunAsync(source, "ALTER SYSTEM SET ssl = on");
        await server.WriteAsync("pg_hba.conf", "hostssl all all 127.0.0.1/32 scram-sha-256\n");
        await RunAsync(source, "SELECT pg_reload_conf()");
        return Write("authority.pem", authority.ExportCertificatePem());
    }

    private X509Certificate2 MakeAuthority(ECDsa key)
    {
        var request = new CertificateRequest("CN=Authority of the tests", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        return request.CreateSelfSigned(_now.AddMinutes(-10), _now.AddDays(2));
    }

    private string Write(string name, string text)
    {
        string path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private static async Task RunAsync(NpgsqlDataSource source, string text)
    {
        await using NpgsqlCommand command = source.CreateCommand(text);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
