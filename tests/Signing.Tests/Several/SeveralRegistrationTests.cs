using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Several;

/// <summary>What stops the host at start, because several signatures would prove no more than one.</summary>
public sealed class SeveralRegistrationTests
{
    [Theory]
    [InlineData("Caller", "Unknown", "AddMessageSignature(\"Unknown\", …)")]
    [InlineData("Caller", "Untagged", "Give each scheme's Policy a Tag of its own")]
    [InlineData("Caller", "Twin", "Give each scheme's Policy a Tag of its own")]
    [InlineData("Shared", "Common", "AddKeyedSingleton<ICredentialSource>(\"Common\", …)")]
    public async Task Schemes_that_cannot_stand_beside_each_other_stop_the_host(string first, string second, string remedy)
    {
        foreach (bool isChain in (bool[])[false, true])
        {
            InvalidOperationException stopped = await Assert.ThrowsAsync<InvalidOperationException>(async () => await (await StartAsync(app =>
                _ = isChain ? app.MapGet("/", () => "").RequireSignatureChain(first, second) : app.MapGet("/", () => "").RequireAllSignatures(first, second))).DisposeAsync());

            Assert.Contains(remedy, stopped.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Two_lists_on_one_endpoint_stop_the_host()
    {
        InvalidOperationException stopped = await Assert.ThrowsAsync<InvalidOperationException>(
            async () => await (await StartAsync(app =>
                app.MapGroup("").RequireAnySignature("Caller", "Shared").MapGet("/", () => "").RequireAllSignatures("Caller", "Shared"))).DisposeAsync());

        Assert.Contains("two lists", stopped.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Alternatives_may_share_a_source_and_need_no_tag()
    {
        await using WebApplication app = await StartAsync(app => app.MapGet("/", () => "").RequireAnySignature("Untagged", "Shared"));

        Assert.NotEmpty(app.Urls);
    }

    [Fact]
    public void A_list_has_two_to_four_schemes_each_once()
    {
        WebApplication app = ApiHost.CreateBuilder().Build();
        IEndpointConventionBuilder endpoint = app.MapGet("/", () => "");

        Assert.Throws<ArgumentException>(() => endpoint.RequireAllSignatures("Caller"));
        Assert.Throws<ArgumentException>(() => endpoint.RequireSignatureChain("Caller", "Caller"));
        Assert.Throws<ArgumentException>(() => endpoint.RequireAnySignature("a", "b", "c", "d", "e"));
        Assert.Throws<ArgumentException>(() => endpoint.RequireAnySignature("a", ""));
    }

    private static async Task<WebApplication> StartAsync(Action<WebApplication> map)
    {
        WebApplicationBuilder builder = ApiHost.CreateBuilder();
        builder.Services.AddSingleton<ICredentialSource>(new CredentialBook());
        builder.Services.AddKeyedSingleton<ICredentialSource>("Caller", new CredentialBook());
        builder.Services.AddAuthorization();
        builder.Services.AddAuthentication()
            .AddMessageSignature("Caller", options => options.Policy = new VerificationPolicy { Tag = "caller" })
            .AddMessageSignature("Twin", options => options.Policy = new VerificationPolicy { Tag = "caller" })
            .AddMessageSignature("Shared", options => options.Policy = new VerificationPolicy { Tag = "shared" })
            .AddMessageSignature("Common", options => options.Policy = new VerificationPolicy { Tag = "common" })
            .AddMessageSignature("Untagged");
        WebApplication app = builder.Build();
        map(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }
}
