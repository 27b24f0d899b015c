using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Signing.PostgreSql.Tests.Support;

namespace Signing.PostgreSql.Tests.Start;

public sealed class SeveralHostsTests(SharedServer server)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_several_servers_one_that_nobody_may_write_to_is_never_asked(bool byConnectionString)
    {
        await using PostgreSqlServer standby = await PostgreSqlServer.StartAsync("default_transaction_read_only=on", "fsync=off");
        string schema = SharedServer.NewSchema();
        string both = new NpgsqlConnectionStringBuilder(server.ConnectionString)
        {
            Host = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{standby.Port},127.0.0.1:{server.Port}"),
        }.ConnectionString;
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(both);
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = Environments.Development });
        _ = byConnectionString
            ? builder.Services.AddSigningPostgreSql(both, PostgreSqlParts.None, options => options.Schema = schema)
            : builder.Services.AddSigningPostgreSql(source, PostgreSqlParts.None, options => options.Schema = schema);
        using IHost host = builder.Build();

        await host.StartAsync(Cancellation);

        Assert.Empty(await PostgreSqlMigrations.GetMissingAsync(server.Source, schema, Cancellation));
        await using NpgsqlConnection connection = await host.Services.GetRequiredService<Database>().OpenAsync(Cancellation);
        Assert.Equal(server.Port, connection.Port);
        await host.StopAsync(Cancellation);
    }
}
