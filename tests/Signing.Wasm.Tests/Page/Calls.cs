using System.Runtime.InteropServices.JavaScript;
using System.Runtime.Versioning;
using Microsoft.Extensions.DependencyInjection;
using Signing.Client;
using Signing.Tests.Diagnosis;

namespace Signing.Wasm.Tests.Page;

/// <summary>What a test has the page do; the answer is one line of text.</summary>
[SupportedOSPlatform("browser")]
public static partial class Calls
{
    private const string Key = "acme_key_1";
    private const string Secret = "acme_secret_0123456789abcdef";

    [JSExport]
    public static async Task<string> RunAsync(string what, string api)
    {
        try
        {
            return await CallAsync(what, new Uri(api));
        }
        catch (Exception exception)
        {
            return exception.GetType().Name + ": " + exception.Message;
        }
    }

    private static Task<string> CallAsync(string what, Uri api) => what switch
    {
        "runtime" => Task.FromResult(OperatingSystem.IsBrowser() ? "browser" : "no browser"),
        "handler" => SendAsync(Own(api), new(HttpMethod.Get, "orders?page=2")),
        "factory" => SendAsync(Named(api, orders => orders.AddMessageSigning(Key, Secret)), Post("tea")),
        "api-token" => ApiTokenAsync(api),
        "source" => SourceAsync(api),
        "apostrophe" => SendAsync(Own(api), new(HttpMethod.Get, "orders?name=O'Hara")),
        "small-patch" => SendAsync(Own(api), new(new HttpMethod("patch"), "orders")),
        "host" => SendAsync(Own(api), new(HttpMethod.Get, "orders") { Headers = { Host = "api.example.com" } }),
        "written-otherwise" => SendAsync(Own(api), Otherwise()),
        "clock" => SendAsync(Own(api, new ShiftedClock(TimeSpan.FromMinutes(-20))), new(HttpMethod.Get, "orders")),
        "signed-answer" => SendAsync(Own(api, change: static options => options.Responses.Required = true), Post("tea", "signed")),
        "redirect" => SendAsync(Named(api, static orders => orders.AddApiToken("x_token_0123456789").AddMessageSigning(Key, Secret)), new(HttpMethod.Get, "elsewhere")),
        "synchronous" => Task.FromResult(Synchronous(api)),
        "burst" => BurstAsync(api),
        "refresh" => RefreshAsync(api),
        "diagnosis" => Task.FromResult(Diagnosis()),
        _ when Enum.TryParse(what, out LoginMethod login) => SendAsync(Named(api, orders => orders.AddAccessToken(options => (options.Key, options.Secret, options.Login) = (Key, Secret, login))), new(HttpMethod.Get, "token")),
        _ => throw new ArgumentException("There is no such call.", nameof(what)),
    };

    private static HttpClient Own(Uri api, TimeProvider? time = null, Action<MessageSigningOptions>? change = null)
    {
        var options = new MessageSigningOptions { Key = Key, Secret = Secret };
        change?.Invoke(options);
        return new HttpClient(new MessageSigningHandler(options, timeProvider: time)) { BaseAddress = api };
    }

    private static HttpClient Named(Uri api, Action<IHttpClientBuilder> add, TimeProvider? time = null) =>
        Services(api, add, time).GetRequiredService<IHttpClientFactory>().CreateClient("orders");

    private static ServiceProvider Services(Uri api, Action<IHttpClientBuilder> add, TimeProvider? time = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton(time ?? TimeProvider.System);
        add(services.AddHttpClient("orders", client => client.BaseAddress = api));
        return services.BuildServiceProvider();
    }

    private static HttpRequestMessage Post(string text, string path = "orders") => new(HttpMethod.Post, path) { Content = new StringContent(text) };

    // What HttpClient writes anew when it hands the request to the browser.
    private static HttpRequestMessage Otherwise()
    {
        HttpRequestMessage request = Post("tea");
        request.Content!.Headers.Remove("Content-Type");
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "text/plain;charset=utf-8");
        return request;
    }

    private static async Task<string> SendAsync(HttpClient client, HttpRequestMessage request)
    {
        using HttpResponseMessage response = await client.SendAsync(request);
        return $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}";
    }

    private static Task<string> ApiTokenAsync(Uri api)
    {
        var options = new ApiTokenOptions { Token = "x_token_0123456789" };
        options.Header.Origins.Add(api.GetLeftPart(UriPartial.Authority));
        return SendAsync(new HttpClient(new ApiTokenHandler(options)) { BaseAddress = api }, new(HttpMethod.Get, "authorization"));
    }

    private static async Task<string> SourceAsync(Uri api)
    {
        var options = new AccessTokenOptions { Key = Key, Secret = Secret };
        options.Endpoints.Login = new Uri(api, "/auth/login");
        options.Endpoints.Refresh = new Uri(api, "/auth/refresh");
        options.Endpoints.Revoke = null;
        options.Header.Origins.Add(api.GetLeftPart(UriPartial.Authority));
        await using var source = new AccessTokenSource(options);
        return await SendAsync(new HttpClient(new AccessTokenHandler(source)) { BaseAddress = api }, new(HttpMethod.Get, "token"));
    }

    private static string Synchronous(Uri api)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "token");
        HttpClient client = Named(api, static orders => orders.AddAccessToken(Key, Secret));
#pragma warning disable CA1416 // That it does not work is the point.
        using HttpResponseMessage response = client.Send(request);
#pragma warning restore CA1416 // All others wait without blocking.
        return response.StatusCode.ToString();
    }

    private static async Task<string> BurstAsync(Uri api)
    {
        HttpClient client = Named(api, static orders => orders.AddAccessToken(Key, Secret).AddMessageSigning(Key, Secret));
        string[] answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => client.GetStringAsync("signed-token")));
        return string.Join(' ', answers.Distinct()) + " " + answers.Length;
    }

    private static async Task<string> RefreshAsync(Uri api)
    {
        var time = new ShiftedClock(TimeSpan.Zero);
        await using ServiceProvider services = Services(api, static orders => orders.AddAccessToken(Key, Secret), time);
        AccessTokenSource source = services.GetRequiredKeyedService<AccessTokenSource>("orders");
        AccessToken first = await source.GetAsync();

        // Of a token of 900 s: unusable from 840 s.
        time.Shift = TimeSpan.FromSeconds(841);
        AccessToken second = await source.GetAsync();
        return first.Value == second.Value ? "the same" : "another";
    }

    // Of a content that was changed all that may have become of it is tried; a browser lacks some of the algorithms.
    private static string Diagnosis()
    {
        CapturedMessage request = new CapturedMessage().WithContent("text/plain", "tea"u8.ToArray());
        var policy = new SigningPolicy { Components = ["@method", "@authority", "@path", "@query", "content-type", "content-digest"] };
        char[] input = new char[1024], signature = new char[128];
        using var key = new SigningKey(Key, Secret);
        new MessageSigner(policy).TrySign(in request, key, input, signature, out int inputLength, out int signatureLength, out _);
        request = request.With("Signature-Input", new string(input, 0, inputLength)).With("Signature", new string(signature, 0, signatureLength));
        var circumstances = new RequestCircumstances { ReceivedAt = TimeProvider.System.GetUtcNow() };
        return RequestDiagnosis.Diagnose(in request, "tee"u8.ToArray(), Key, Secret, circumstances).Status.ToString();
    }
}
