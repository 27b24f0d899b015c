using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.DependencyInjection;
using Signing.AspNetCore;
using Signing.Client;
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
    [InlineData(Door.Scheme, true, null)]
    [InlineData(Door.Scheme, true, "Accept")]
    [InlineData(Door.Scheme, false, null)]
    [InlineData(Door.Middleware, true, null)]
    [InlineData(Door.Middleware, true, "Accept")]
    [InlineData(Door.Middleware, false, null)]
    [InlineData(Door.Middleware, false, "Accept")]
    public async Task The_response_cache_of_the_framework_gives_one_callers_answer_to_nobody_else(Door door, bool isBefore, string? vary)
    {
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings
        {
            Door = door,
            Build = builder => builder.Services.AddResponseCaching(),
            Before = app => _ = isBefore ? app.UseResponseCaching() : app,
            After = app =>
            {
                _ = isBefore ? app : app.UseResponseCaching();
                Write(app, "public, max-age=60", vary);
            },
        });

        RawAnswer[] answers = await AskAsync(host);

        Assert.Equal([(200, ApiHost.Key), (200, "key-two"), (401, null)], answers.Select(answer => (answer.Status, answer.User)));
        Assert.Equal(("public, max-age=60", vary, null), (answers[0]["Cache-Control"], answers[0]["Vary"], answers[0]["Set-Cookie"]));
    }

    [Theory]
    [InlineData(Door.Scheme)]
    [InlineData(Door.Middleware)]
    public async Task An_output_cache_before_the_door_that_looks_for_authorization_only_keeps_nothing(Door door)
    {
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings
        {
            Door = door,
            Build = builder => builder.Services.AddOutputCache(options => options.AddBasePolicy(policy => policy.AddPolicy<UnlessAuthorization>(), excludeDefaultPolicy: true)),
            Before = app => app.UseOutputCache(),
        });

        RawAnswer[] answers = await AskAsync(host);

        Assert.Equal([(200, ApiHost.Key), (200, "key-two"), (401, null)], answers.Select(answer => (answer.Status, answer.User)));
    }

    [Fact]
    public async Task The_cookies_of_an_answer_are_those_that_the_endpoint_sets()
    {
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings
        {
            After = app => app.Use((context, next) =>
            {
                context.Response.Cookies.Append("theme", "dark");
                context.Response.Cookies.Append("size", "small");
                return next(context);
            }),
        });

        RawAnswer answer = await host.SendAsync(host.Draft());

        Assert.Equal(["theme=dark; path=/", "size=small; path=/"], answer.All("Set-Cookie"));
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    public async Task A_signed_answer_is_signed_as_it_is_sent_where_the_door_comes_before(string method)
    {
        await using ApiHost host = await ApiHost.StartAsync(new ApiHostSettings
        {
            Build = builder => builder.Services.AddResponseSignature(options =>
            {
                options.Sign = SignedResponses.All;
                options.Policy = new SigningPolicy(MessageKind.Response) { Components = [.. options.Policy.Components, "cache-control"] };
            }),
            After = app =>
            {
                app.UseResponseSignature();
                Write(app, "max-age=60");
            },
        });
        var signing = new MessageSigningOptions { Key = ApiHost.Key, Secret = ApiHost.Secret };
        signing.Responses.Required = true;
        using var client = new HttpClient(new MessageSigningHandler(signing, new SocketsHttpHandler(), host.Clock));
        using var request = new HttpRequestMessage(new HttpMethod(method), $"http://{host.Authority}/");

        using HttpResponseMessage answer = await client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal("max-age=60, private", answer.Headers.CacheControl?.ToString());
        Assert.Contains("\"cache-control\"", answer.Headers.GetValues("Signature-Input").Single(), StringComparison.Ordinal);
    }

    // A caller, another one, and somebody who has not signed.
    private static async Task<RawAnswer[]> AskAsync(ApiHost host)
    {
        host.Credentials.Set(new Credential("key-two", new CredentialSecret(new SigningKey("key-two", ApiHost.Secret))));
        RequestDraft second = host.Draft();
        second.KeyId = "key-two";
        RequestDraft unsigned = host.Draft();
        unsigned.Signed = false;
        return [await host.SendAsync(host.Draft()), await host.SendAsync(second), await host.SendAsync(unsigned)];
    }

    // Where an endpoint does it: after the door.
    private static void Write(WebApplication app, string? cacheControl, string? vary = null) => app.Use((context, next) =>
    {
        context.Response.Headers.CacheControl = cacheControl;
        context.Response.Headers.Vary = vary;
        return next(context);
    });

    // As hosts write them: it keeps everything but answers to callers that it sees before they are let in.
    private sealed class UnlessAuthorization : IOutputCachePolicy
    {
        public ValueTask CacheRequestAsync(OutputCacheContext context, CancellationToken cancellation)
        {
            context.EnableOutputCaching = true;
            context.AllowLocking = true;
            context.AllowCacheLookup = context.AllowCacheStorage = context.HttpContext.Request.Headers.Authorization.Count == 0;
            return ValueTask.CompletedTask;
        }

        public ValueTask ServeFromCacheAsync(OutputCacheContext context, CancellationToken cancellation) => ValueTask.CompletedTask;

        public ValueTask ServeResponseAsync(OutputCacheContext context, CancellationToken cancellation) => ValueTask.CompletedTask;
    }
}
