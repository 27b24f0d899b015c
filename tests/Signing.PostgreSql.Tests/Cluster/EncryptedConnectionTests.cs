using Cluster;
using Npgsql;
using Signing.PostgreSql.Tests.Support;
using Signing.Tests.Support;

namespace Signing.PostgreSql.Tests.Cluster;

/// <summary>A server that lets nobody in without TLS and a password, and nodes that let no other server be it.</summary>
[Collection(Alone.Name)]
public sealed class EncryptedConnectionTests : IDisposable
{
    private const string Password = "a password of the test's";

    private readonly string _folder = Directory.CreateTempSubdirectory("signing-tls-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_node_shares_everything_over_TLS_with_a_password_and_refuses_a_server_of_another_authority()
    {
        PostgreSqlServer server = await PostgreSqlServer.StartAsync();
        string authority = await new ServerCertificate(_folder).InstallAsync(server, Password);
        string other = new ServerCertificate(_folder).WriteAuthority("other.pem");
        string connection = ConnectionOf(server, authority, Password);
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => OpenAsync(server.ConnectionString + ";Pooling=false"));
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => OpenAsync(ConnectionOf(server, authority, "another password") + ";Pooling=false"));
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => OpenAsync(ConnectionOf(server, other, Password) + ";Pooling=false"));

        await using ClusterHost cluster = await ClusterHost.StartOnAsync(server, connection, nodes: 2);
        SignedRequest request = await SignedRequest.MakeAsync(cluster.Key, "/orders/1");
        string[] answers = await Task.WhenAll(cluster.Addresses.Select(request.SendAsync));
        CreatedKey victim = await cluster.Operator.CreateKeyAsync("Victim", Cancellation);
        TimeSpan[] lags = await Revocation.MeasureAsync(cluster.Operator, victim, cluster.Addresses, Cancellation);

        Assert.Equal(["401 replayed", "accepted"], answers.Order(StringComparer.Ordinal));
        Assert.All(lags, lag => Assert.InRange(lag, TimeSpan.Zero, TimeSpan.FromSeconds(1)));
        Assert.Equal(0, await UnencryptedAsync(connection));
    }

    private static string ConnectionOf(PostgreSqlServer server, string authority, string password) =>
        new NpgsqlConnectionStringBuilder(server.ConnectionString) { Password = password, SslMode = SslMode.VerifyFull, RootCertificate = authority }.ConnectionString;

    private static async Task OpenAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(Cancellation);
    }

    private static async Task<long> UnencryptedAsync(string connectionString)
    {
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(connectionString);
        await using NpgsqlCommand command = source.CreateCommand("SELECT count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE client_addr IS NOT NULL AND NOT ssl");
        return (long)(await command.ExecuteScalarAsync(Cancellation))!;
    }
}
