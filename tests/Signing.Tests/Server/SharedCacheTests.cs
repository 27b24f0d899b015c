using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Signing.AspNetCore;
using Signing.Tests.Support;

namespace Signing.Tests.Server;

/// <summary>RFC 9111 §3.5: what is told to one caller is not told to the next by a cache, though the proof is not in <c>Authorization</c>.</summary>
public sealed class SharedCacheTests
{
    [Theory]
    [InlineData(Door.Scheme, "GET", null, "private")]
    [InlineData(Door.Middleware, "GET", null, "private")]
    [InlineData(Door.Middleware, "HEAD", null, "private")]
    [InlineData(Door.Middleware, "GET", "max-age=60", "max-age=60,private")]
    [InlineData(Door.Middleware, "GET", "no-cache", "no-cache,private")]
    [InlineData(Door.Middleware, "GET", "private=\"x-user\", max-age=60", "private=\"x-user\", max-age=60,private")]
    [InlineData(Door.Middleware, "GET", "not a directive;;", "not a directive;;,private")]
    [InlineData(Door.Middleware, "GET", "max-age=60, private", "max-age=60, private")]
    [InlineData(Door.Middleware, "GET", "no-store", "no-store")]
    [InlineData(Door.Middleware, "GET", "public, max-age=60", "public, max-age=60")]
    [InlineData(Door.Middleware, "GET", "s-maxage=60", "s-maxage=60")]
    [InlineData(Door.Middleware, "GET", "max-age=60, must-revalidate", "max-age=60, must-revalidate")]
    [InlineData(Door.Middleware, "POST", null, null)]
    public async Task An_answer_to_a_signed_request_is_for_shared_caches_what_one_to_a_request_with_authorization_is(Door door, string method, string? written, string? sent)
    {
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings { Door = door, After = app => Write(app, written) });

        RawAnswer answer = await host.SendAsync(host.Draft(method));

        Assert.Equal((200, sent, null), (answer.Status, answer["Cache-Control"], answer["Vary"]));
    }

    [Fact]
    public async Task An_answer_to_nobody_in_particular_is_as_the_endpoint_made_it()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        RequestDraft unsigned = host.Draft(target: "/open");
        unsigned.Signed = false;
        RequestDraft wrong = host.Draft(target: "/open");
        wrong.Secret = "another secret, long enough";

        RawAnswer[] answers = [await host.SendAsync(unsigned), await host.SendAsync(wrong), await host.SendAsync(host.Draft(target: "/open"))];

        Assert.Equal(["nobody", "nobody", ApiHost.Key], answers.Select(answer => answer.User));
        Assert.Equal([null, null, "private"], answers.Select(answer => answer["Cache-Control"]));
    }

    [Theory]
    [InlineData(Door.Scheme)]
    [InlineData(Door.Middleware)]
    public async Task The_response_cache_of_the_framework_gives_one_callers_answer_to_nobody_else(Door door)
    {
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings
        {
            Door = door,
            Build = builder => builder.Services.AddResponseCaching(),
            Before = app => app.UseResponseCaching(),
            After = app => Write(app, "public, max-age=60"),
        });
        host.Credentials.Set(new Credential("key-two", new CredentialSecret(new SigningKey("key-two", ApiHost.Secret))));
        RequestDraft second = host.Draft();
        second.KeyId = "key-two";
        RequestDraft unsigned = host.Draft();
        unsigned.Signed = false;

        RawAnswer[] answers = [await host.SendAsync(host.Draft()), await host.SendAsync(second), await host.SendAsync(unsigned)];

        Assert.Equal([(200, ApiHost.Key), (200, "key-two"), (401, null)], answers.Select(answer => (answer.Status, answer.User)));
        Assert.Equal("Signature", answers[0]["Vary"]);
    }

    // Where an endpoint does it: after the door.
    private static void Write(WebApplication app, string? cacheControl) => app.Use((context, next) =>
    {
        context.Response.Headers.CacheControl = cacheControl;
        return next(context);
    });
}
