using System.Net;
using System.Security.Cryptography;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Signing.Client;
using Signing.Tests.Support;

namespace Signing.Tests.Docs;

/// <summary>Large uploads in a temporary file instead of memory, as the README has it.</summary>
public sealed class UploadTests
{
    private const int Megabyte = 1024 * 1024;
    private const string Secret = "upload_secret_of_more_than_16_bytes";

    private readonly Channel<FileBufferingReadStream> _contents = Channel.CreateUnbounded<FileBufferingReadStream>();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_large_upload_is_verified_in_a_temporary_file_that_is_gone_after_it()
    {
        await using WebApplication app = await StartAsync();
        using HttpClient client = Client(app, Secret);
        using HttpClient forger = Client(app, "another secret of 16 bytes");
        string path = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(path, RandomNumberGenerator.GetBytes(40 * Megabyte), Stop);
            string digest = Convert.ToHexString(SHA256.HashData(await File.ReadAllBytesAsync(path, Stop)));

            Assert.Equal((HttpStatusCode.OK, digest), await UploadAsync(client, path));
            Assert.True(await _contents.Reader.ReadAsync(Stop) is { InMemory: false, TempFileName: { } file } && !File.Exists(file));

            // Nobody who has no key fills the disk.
            Assert.Equal((HttpStatusCode.Unauthorized, ""), await UploadAsync(forger, path));
            Assert.True(await _contents.Reader.ReadAsync(Stop) is { InMemory: true, TempFileName: null });

            await using (FileStream more = File.Open(path, FileMode.Append))
            {
                await more.WriteAsync(new byte[61 * Megabyte], Stop);
            }

            Assert.Equal((HttpStatusCode.RequestEntityTooLarge, ""), await UploadAsync(client, path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static void UseFiles(WebApplication app)
    {
        app.Use((context, next) =>
        {
            context.Request.EnableBuffering();
            return next(context);
        });
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapPost("/uploads", TakeAsync).RequireAuthorization().WithMetadata(new RequestSizeLimitAttribute(100 * 1024 * 1024));
    }

    private static async Task<string> TakeAsync(HttpRequest request) => Convert.ToHexString(await SHA256.HashDataAsync(request.Body, request.HttpContext.RequestAborted));

    private static HttpClient Client(WebApplication app, string secret) =>
        new(new MessageSigningHandler(new MessageSigningOptions { Key = "upload_key_1", Secret = secret })) { BaseAddress = new Uri(app.Urls.Single()) };

    private static async Task<(HttpStatusCode Status, string Content)> UploadAsync(HttpClient client, string path)
    {
        await using FileStream file = File.OpenRead(path);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/uploads") { Content = new StreamContent(file) };
        request.Headers.ExpectContinue = true;
        using HttpResponseMessage answer = await client.SendAsync(request, Stop);
        return (answer.StatusCode, answer.IsSuccessStatusCode ? await answer.Content.ReadAsStringAsync(Stop) : "");
    }

    private async Task<WebApplication> StartAsync()
    {
        WebApplicationBuilder builder = ApiHost.CreateBuilder(Environments.Development);
        builder.Configuration.AddInMemoryCollection([new("Signing:Credentials:0:Key", "upload_key_1"), new("Signing:Credentials:0:Secret", Secret)]);
        builder.Services.AddAuthentication().AddMessageSignature(options => options.Body.MaxBytes = 100 * 1024 * 1024);
        builder.Services.AddAuthorization();
        WebApplication app = builder.Build();
        app.Use((context, next) =>
        {
            // The first to register comes last, when the content is let go.
            context.Response.OnCompleted(async () => await _contents.Writer.WriteAsync((FileBufferingReadStream)context.Request.Body, Stop));
            return next(context);
        });
        UseFiles(app);
        await app.StartAsync(Stop);
        return app;
    }
}
