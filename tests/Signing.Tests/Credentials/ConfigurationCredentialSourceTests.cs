using System.Text.Json;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Credentials;

public sealed class ConfigurationCredentialSourceTests : CredentialSourceContract
{
    private LiveConfiguration? _configuration;

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

    private static string Json(CredentialSpec[] credentials)
        => JsonSerializer.Serialize(new { Signing = new { Credentials = credentials } }, JsonSerializerOptions.Default)
            .Replace("\"Status\":1", "\"Status\":\"active\"", StringComparison.Ordinal)
            .Replace("\"Status\":2", "\"Status\":\"suspended\"", StringComparison.Ordinal)
            .Replace("\"Status\":3", "\"Status\":\"revoked\"", StringComparison.Ordinal);
}
