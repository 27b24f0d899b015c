using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Credentials;

public sealed class ConfigurationCredentialSourceTests : CredentialSourceContract
{
    private LiveConfiguration? _configuration;

    [Fact]
    public void A_change_that_cannot_be_read_has_no_effect_and_is_logged_and_the_next_one_is_read()
    {
        var log = new LogBook();
        using var loggers = new LoggerFactory([log]);
        var vault = new Vault();
        using var source = new ConfigurationCredentialSource(new ConfigurationBuilder().Add(vault).Build(), loggers.CreateLogger<ConfigurationCredentialSource>());
        log.Clear();

        vault.Change("suspended", isAway: true);
        Assert.Equal(StoredStatus.Active, StatusIn(source));
        Assert.True(source.IsBehind);
        LogLine line = Assert.Single(log.Lines);
        Assert.Equal((LogLevel.Error, 2004), (line.Level, line.Id));
        Assert.IsType<TimeoutException>(line.Exception);

        vault.Change("suspended", isAway: false);
        Assert.Equal(StoredStatus.Suspended, StatusIn(source));
        Assert.False(source.IsBehind);

        // Also where it is found as it was before.
        vault.Change("active", isAway: true);
        Assert.True(source.IsBehind);
        vault.Change("suspended", isAway: false);
        Assert.False(source.IsBehind);
    }

    [Theory]
    [InlineData("""{ "Signing": { "Credentials": [ { "Key": "a-key", "Secret": "a secret of the file" } ] } }""", 2001)]
    [InlineData("""{ "Signing": { "Credentials": [] } }""", 2002)]
    [InlineData("""{ "Signing": { "Credentials": [ { "Key": "a-key", "Secret": "a secret of the file", "Status": "asleep" } ] } }""", 2003)]
    public void A_reload_that_brings_nothing_new_changes_nothing_and_is_not_logged(string json, int id)
    {
        const string Before = """{ "Signing": { "Credentials": [ { "Key": "a-key", "Secret": "a secret of the vault" } ] } }""";
        var log = new LogBook();
        using var loggers = new LoggerFactory([log]);
        var configuration = new LiveConfiguration(Before);
        using var source = new ConfigurationCredentialSource(configuration.Root, loggers.CreateLogger<ConfigurationCredentialSource>());
        log.Clear();

        configuration.Replace(json);
        source.TryGetCached("a-key", out Credential? read);
        bool isBehind = source.IsBehind;
        configuration.Replace(json);
        configuration.Replace(json + " ");
        source.TryGetCached("a-key", out Credential? readAgain);

        Assert.Equal(id, Assert.Single(log.Lines).Id);
        Assert.Same(read, readAgain);
        Assert.Equal((id == 2003, id == 2003), (isBehind, source.IsBehind));

        configuration.Replace(Before);
        Assert.Equal([id, 2001], log.Lines.Select(line => line.Id));
        Assert.False(source.IsBehind);
    }

    [Fact]
    public void A_change_of_one_secret_is_read_though_everything_else_is_as_it_was()
    {
        var configuration = new LiveConfiguration("""{ "Signing": { "Credentials": [ { "Key": "a-key", "Secret": "a secret of the vault" } ] } }""");
        using var source = new ConfigurationCredentialSource(configuration.Root);
        source.TryGetCached("a-key", out Credential? before);

        configuration.Replace("""{ "Signing": { "Credentials": [ { "Key": "a-key", "Secret": "A secret of the vault" } ] } }""");

        source.TryGetCached("a-key", out Credential? after);
        Assert.NotSame(before, after);
    }

    protected override ValueTask<ICredentialSource> StartAsync(params CredentialSpec[] credentials)
    {
        _configuration = new LiveConfiguration(Json(credentials));
        return new(new ConfigurationCredentialSource(_configuration.Root));
    }

    protected override ValueTask ReplaceAsync(params CredentialSpec[] credentials)
    {
        Assert.NotNull(_configuration);
        _configuration.Replace(Json(credentials));
        return ValueTask.CompletedTask;
    }

    private static StoredStatus? StatusIn(ConfigurationCredentialSource source) => source.TryGetCached("a-key", out Credential? credential) ? credential?.Status : null;

    private static string Json(CredentialSpec[] credentials)
        => JsonSerializer.Serialize(new { Signing = new { Credentials = credentials } }, JsonSerializerOptions.Default)
            .Replace("\"Status\":1", "\"Status\":\"active\"", StringComparison.Ordinal)
            .Replace("\"Status\":2", "\"Status\":\"suspended\"", StringComparison.Ordinal)
            .Replace("\"Status\":3", "\"Status\":\"revoked\"", StringComparison.Ordinal);

    // Asks its server for each value, as some do.
    private sealed class Vault : ConfigurationProvider, IConfigurationSource
    {
        private bool _isAway;

        public Vault()
        {
            Data["Signing:Credentials:0:Key"] = "a-key";
            Data["Signing:Credentials:0:Secret"] = "a secret of the vault";
        }

        public void Change(string status, bool isAway)
        {
            Data["Signing:Credentials:0:Status"] = status;
            _isAway = isAway;
            OnReload();
        }

        public override bool TryGet(string key, out string? value) => _isAway ? throw new TimeoutException("The vault is away.") : base.TryGet(key, out value);

        public IConfigurationProvider Build(IConfigurationBuilder builder) => this;
    }
}
