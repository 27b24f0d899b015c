using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Signing.Client;

namespace Signing.Tests.Client.Tokens;

/// <summary>The signer of a client that sends a token covers the header of that token.</summary>
public sealed class CoverTokenHeaderTests
{
    private const string Key = "acme_key_1";
    private const string Secret = "acme_secret_0123456789abcdef";

    [Fact]
    public void The_headers_of_both_kinds_of_token_are_covered_in_small_letters()
    {
        SigningPolicy policy = PolicyOf(orders => orders
            .AddApiToken(options => (options.Token, options.Header.Name) = ("static-1", "X-Api-Token"))
            .AddAccessToken(options => (options.Key, options.Secret, options.Header.Name) = (Key, Secret, "AUTH")));

        Assert.Equal([.. new SigningPolicy().CoverIfPresent, "auth", "x-api-token"], policy.CoverIfPresent);
    }

    [Fact]
    public void A_client_that_sends_no_token_covers_what_it_covered()
    {
        Assert.Equal(new SigningPolicy().CoverIfPresent, PolicyOf(static _ => { }).CoverIfPresent);
        Assert.Equal(new SigningPolicy().CoverIfPresent, PolicyOf(orders => orders.Services.AddHttpClient("reports").AddApiToken("static-1")).CoverIfPresent);
    }

    [Theory]
    [InlineData("x-api-token")]
    [InlineData("\"x-api-token\"")]
    public void A_header_that_the_policy_covers_already_is_not_named_twice(string component)
    {
        static void AddToken(IHttpClientBuilder orders) => orders.AddApiToken(options => (options.Token, options.Header.Name) = ("static-1", "X-Api-Token"));

        Assert.Equal(["x-api-token"], PolicyOf(AddToken, new SigningPolicy { CoverIfPresent = ["x-api-token"] }).CoverIfPresent);
        Assert.Empty(PolicyOf(AddToken, new SigningPolicy { Components = ["@method", component], CoverIfPresent = [] }).CoverIfPresent);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Everything_else_of_the_policy_stays(bool isSet)
    {
        var policy = new SigningPolicy
        {
            Components = ["@method"],
            CoverIfPresent = ["x-tenant"],
            Label = "mine",
            Tag = "orders",
            Lifetime = TimeSpan.FromMinutes(1),
            CoverSignatures = isSet,
            IncludeNonce = isSet,
            IncludeAlgorithm = isSet,
            FieldTypes = new Dictionary<string, FieldType> { ["x-tenant"] = FieldType.List },
        };

        SigningPolicy covered = PolicyOf(orders => orders.AddApiToken("static-1"), policy);

        Assert.Equal(["x-tenant", "authorization"], covered.CoverIfPresent);
        Assert.Equal(
            (policy.Components, policy.Label, policy.Tag, policy.Lifetime, isSet, isSet, isSet, policy.FieldTypes),
            (covered.Components, covered.Label, covered.Tag, covered.Lifetime, covered.CoverSignatures, covered.IncludeNonce, covered.IncludeAlgorithm, covered.FieldTypes));
    }

    [Fact]
    public void Options_of_a_token_that_are_wrong_are_told_as_theirs_and_not_as_the_signer_s()
    {
        using ServiceProvider services = Build(orders => orders.AddApiToken(options => options.Header.Name = "no name"), null);

        Assert.NotNull(services.GetRequiredService<IOptionsMonitor<MessageSigningOptions>>().Get("orders"));
        Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptionsMonitor<ApiTokenOptions>>().Get("orders"));
    }

    private static SigningPolicy PolicyOf(Action<IHttpClientBuilder> tokens, SigningPolicy? policy = null)
    {
        using ServiceProvider services = Build(tokens, policy);
        return services.GetRequiredService<IOptionsMonitor<MessageSigningOptions>>().Get("orders").Policy;
    }

    private static ServiceProvider Build(Action<IHttpClientBuilder> tokens, SigningPolicy? policy)
    {
        var services = new ServiceCollection();
        IHttpClientBuilder orders = services.AddHttpClient("orders", client => client.BaseAddress = new Uri("https://api.example.com"))
            .AddMessageSigning(options => (options.Key, options.Secret, options.Policy) = (Key, Secret, policy ?? options.Policy));
        tokens(orders);
        return services.BuildServiceProvider();
    }
}
