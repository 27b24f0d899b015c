using System.Net;
using System.Net.Sockets;
using System.Text;
using Signing.Client;

namespace Signing.Tests.Client;

/// <summary>What .NET does below the signer where a connection ends before the answer, as the README tells it.</summary>
public sealed class LostConnectionTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GET", null, 4)]
    [InlineData("DELETE", null, 4)]
    [InlineData("POST", null, 4)]
    [InlineData("POST", "tea", 1)]
    [InlineData("PUT", "tea", 1)]
    public async Task A_request_without_content_is_sent_up_to_three_times_more_with_the_signature_that_it_has(string method, string? content, int sendings)
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        Task<List<string>> received = ReceiveAsync(server);
        using var client = new HttpMessageInvoker(new MessageSigningHandler(new MessageSigningOptions { Key = "lost", Secret = "a secret that nobody knows" }));
        using var request = new HttpRequestMessage(new HttpMethod(method), $"http://{server.LocalEndpoint}/") { Content = content is null ? null : new StringContent(content) };

        await Assert.ThrowsAsync<HttpRequestException>(() => client.SendAsync(request, Cancelled));

        server.Stop();
        List<string> signatures = await received;
        Assert.Equal(sendings, signatures.Count);
        Assert.Single(signatures.Distinct());
    }

    private static async Task<List<string>> ReceiveAsync(TcpListener server)
    {
        List<string> signatures = [];
        byte[] buffer = new byte[16384];
        try
        {
            while (true)
            {
                using Socket connection = await server.AcceptSocketAsync(Cancelled);
                int length = 0;
                while (!Encoding.ASCII.GetString(buffer, 0, length).Contains("\r\n\r\n", StringComparison.Ordinal))
                {
                    length += await connection.ReceiveAsync(buffer.AsMemory(length), Cancelled);
                }

                string text = Encoding.ASCII.GetString(buffer, 0, length);
                signatures.Add(text.Split("\r\n").Single(line => line.StartsWith("Signature: ", StringComparison.Ordinal)));
                connection.Shutdown(SocketShutdown.Both);
            }
        }
        catch (Exception exception) when (exception is SocketException or InvalidOperationException)
        {
            // The listener was stopped, while it waited or before.
            return signatures;
        }
    }
}
