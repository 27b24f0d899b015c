using System.Net;
using System.Net.Http.Headers;

namespace Signing.Client;

/// <summary>Calls token endpoints: a limited time for each attempt, a limited answer, and an outcome instead of an exception.</summary>
/// <param name="open">Gives a client for one call, which disposes of it.</param>
/// <param name="time">The clock.</param>
internal sealed class Backchannel(Func<HttpClient> open, TimeProvider time)
{
    public const int MaxAttempts = 3;

    /// <summary>How much of an answer is read, in bytes.</summary>
    public const int MaxAnswerBytes = 64 * 1024;

    public static readonly TimeSpan AttemptTime = TimeSpan.FromSeconds(10);

    /// <summary>Calls until an answer comes: what may have been lost on its way is sent again, the same token in it.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> is cancelled.</exception>
    public async Task<TokenReply> CallAsync(TokenCall call, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            TokenReply reply = await AttemptAsync(call, cancellationToken).ConfigureAwait(false);
            if (!reply.MayHaveArrived || attempt == MaxAttempts)
            {
                return reply;
            }
        }
    }

    private static async Task<byte[]?> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength > MaxAnswerBytes)
        {
            return null;
        }

        Stream stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            byte[] bytes = new byte[MaxAnswerBytes + 1];
            int length = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            return length > MaxAnswerBytes ? null : bytes[..length];
        }
    }

    private async Task<TokenReply> AttemptAsync(TokenCall call, CancellationToken cancellationToken)
    {
        using HttpClient client = open();
        TimeSpan patience = client.Timeout > TimeSpan.Zero && client.Timeout < AttemptTime ? client.Timeout : AttemptTime;
        using var limit = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await SendAsync(client, call, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException cancelled) when (!cancellationToken.IsCancellationRequested)
        {
            return new TokenReply(null, $"The token endpoint did not answer within {patience.TotalSeconds} s.", MayHaveArrived: true, Cause: cancelled);
        }
        catch (HttpRequestException broken)
        {
            bool connected = broken.HttpRequestError is not (HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError);
            return new TokenReply(null, "The token endpoint cannot be reached.", MayHaveArrived: connected, Cause: broken);
        }
        catch (IOException broken)
        {
            return new TokenReply(null, "The answer of the token endpoint broke off.", MayHaveArrived: true, Cause: broken);
        }
    }

    private async Task<TokenReply> SendAsync(HttpClient client, TokenCall call, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = call.Create();
        request.Version = client.DefaultRequestVersion;
        request.VersionPolicy = client.DefaultVersionPolicy;
        if (call.Signer is { } signer)
        {
            request.Options.Set(BackchannelHandler.SignAs, signer);
        }

        using HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        HttpResponseHeaders headers = response.Headers;
        byte[]? body = await ReadAsync(response.Content, cancellationToken).ConfigureAwait(false);
        if (body is null)
        {
            return TokenReply.Malformed($"it is longer than {MaxAnswerBytes} bytes.");
        }

        if (call.Revokes && response.IsSuccessStatusCode)
        {
            return TokenReply.Revoked;
        }

        TokenReply reply = TokenAnswer.Read(response.StatusCode, body, Backoff.Asked(headers.RetryAfter, headers.Date, time.GetUtcNow()));
        return response.StatusCode == HttpStatusCode.NotFound ? TokenRemedy.WhenNotFound(reply, request.Method, request.RequestUri!) : reply;
    }
}
