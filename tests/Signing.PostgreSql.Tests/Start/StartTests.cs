using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Npgsql;
using Signing.PostgreSql.Tests.Support;

namespace Signing.PostgreSql.Tests.Start;

public sealed class StartTests(SharedServer server)
{
    private readonly string _schema = SharedServer.NewSchema();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_tables_are_there_before_anything_else_begins()
    {
        var first = new StartsFirst(() => PostgreSqlMigrations.GetMissingAsync(server.Source, _schema, Cancellation));
        using IHost host = Build(services =>
        {
            services.AddSingleton<IHostedService>(first);
            services.AddSigningPostgreSql(server.Source, PostgreSqlParts.None, options => options.Schema = _schema);
        });

        await host.StartAsync(Cancellation);

        Assert.Empty(first.Missing!);
    }

    [Fact]
    public async Task A_host_that_may_not_migrate_says_which_steps_are_missing_and_starts_when_they_are_not()
    {
        PostgreSqlStartException refusal = await RefusalAsync(AddTo);
        Assert.Equal(PostgreSqlStartFault.MissingTables, refusal.Fault);
        Assert.Contains("PostgreSqlMigrations.Script", refusal.Message);

        await PostgreSqlMigrations.ApplyAsync(server.Source, _schema, Cancellation);
        using IHost host = Build(AddTo);
        await host.StartAsync(Cancellation);

        void AddTo(IServiceCollection services) => services.AddSigningPostgreSql(server.Source, PostgreSqlParts.None, options => (options.Schema, options.MigrateAtStart) = (_schema, false));
    }

    [Fact]
    public async Task A_user_without_the_right_to_make_tables_is_told_what_to_have_done()
    {
        await using NpgsqlCommand command = server.Source.CreateCommand($"CREATE ROLE {_schema}_user LOGIN");
        await command.ExecuteNonQueryAsync(Cancellation);
        var connection = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Username = _schema + "_user" };

        PostgreSqlStartException refusal = await RefusalAsync(services => services.AddSigningPostgreSql(connection.ConnectionString, PostgreSqlParts.None, options => options.Schema = _schema));

        Assert.Equal(PostgreSqlStartFault.MissingTables, refusal.Fault);
        Assert.Contains("GRANT", refusal.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Port=1;Username=nobody;Timeout=2")]
    [InlineData(null)]
    public async Task A_database_that_cannot_be_reached_or_lets_nobody_in_stops_the_start_and_says_so(string? connectionString)
    {
        connectionString ??= new NpgsqlConnectionStringBuilder(server.ConnectionString) { Username = "nobody" }.ConnectionString;

        PostgreSqlStartException refusal = await RefusalAsync(services => services.AddSigningPostgreSql(connectionString, PostgreSqlParts.None));

        Assert.Equal(PostgreSqlStartFault.Unreachable, refusal.Fault);
        Assert.Contains("AddSigningPostgreSql", refusal.Message);
    }

    [Fact]
    public async Task Options_out_of_range_stop_the_start() =>
        await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(services => services.AddSigningPostgreSql(server.Source, PostgreSqlParts.None, options => options.Schema = "no schema")));

    [Fact]
    public void A_second_call_adds_to_the_first_and_refuses_another_database()
    {
        var services = new ServiceCollection();
        services.AddSigningPostgreSql(server.Source, PostgreSqlParts.None);
        int count = services.Count(service => service.ServiceType == typeof(IHostedService));

        services.AddSigningPostgreSql(server.Source, PostgreSqlParts.None);

        Assert.Equal(count, services.Count(service => service.ServiceType == typeof(IHostedService)));
        Assert.Throws<InvalidOperationException>(() => services.AddSigningPostgreSql(server.ConnectionString, PostgreSqlParts.None));
    }

    private static IHost Build(Action<IServiceCollection> add)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = Environments.Development });
        add(builder.Services);
        return builder.Build();
    }

    private static async Task StartAsync(Action<IServiceCollection> add)
    {
        using IHost host = Build(add);
        await host.StartAsync(Cancellation);
    }

    private static Task<PostgreSqlStartException> RefusalAsync(Action<IServiceCollection> add) => Assert.ThrowsAsync<PostgreSqlStartException>(() => StartAsync(add));
}
