using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Signing.AspNetCore;

namespace Signing.PostgreSql.Tests.Docs;

/// <summary>The code of the README, line for line, where the compiler and a test see it.</summary>
internal static class PostgreSqlReadme
{
    public static void AddNode(WebApplicationBuilder builder, X509Certificate2 certificate)
    {
        builder.Services.AddSigningPostgreSql(builder.Configuration.GetConnectionString("Signing")!);
        builder.Services.AddDataProtection().SetApplicationName("orders")
            .PersistKeysToPostgreSql().ProtectKeysWithCertificate(certificate);
        builder.Services.AddAuthentication(SignatureDefaults.AuthenticationScheme).AddMessageSignature();
    }

#pragma warning disable MA0040 // As it stands in the README, where nobody waits for an end.
    public static async Task ImportAsync(WebApplicationBuilder builder, string ringFolder, string credentialsPath, string journalPath)
    {
        var app = builder.Build();
        await using var source = NpgsqlDataSource.Create(builder.Configuration.GetConnectionString("Signing")!);
        await PostgreSqlImport.ImportKeyRingAsync(source, ringFolder);
        var ring = app.Services.GetRequiredService<IDataProtectionProvider>();
        await PostgreSqlImport.ImportCredentialFileAsync(source, credentialsPath, new SecretSeal(ring));
        await PostgreSqlImport.ImportGrantJournalAsync(source, journalPath, ring);
    }
#pragma warning restore MA0040
}
