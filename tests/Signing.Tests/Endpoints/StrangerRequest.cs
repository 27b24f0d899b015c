using System.Globalization;
using System.Text;
using Signing.Tests.Support;

namespace Signing.Tests.Endpoints;

/// <summary>A request of somebody who knows a key at most, and no Secret; the same draw makes the same request for each key.</summary>
internal sealed class StrangerRequest(Random draw, ApiHost host, string key)
{
    private static readonly string[] Components =
    [
        "\"@method\"", "\"@authority\"", "\"@path\"", "\"@query\"", "\"@scheme\"", "\"@target-uri\"", "\"@request-target\"", "\"@query-param\";name=\"id\"",
        "\"content-digest\"", "\"content-type\"", "\"authorization\"", "\"x-long\"", "\"x-long\" \"x-long\";bs", "\"x-long\";sf", "\"x-dict\";key=\"a\"", "\"x-absent\"", "\"@status\"", "\"signature\";key=\"s0\"",
    ];

    public string Draw()
    {
        string path = Pick("/", "/signature?id=7", "/signature?id=7", "/token", "/both", "/both", "/url", "/auth/login", "/auth/token", "/auth/refresh", "/auth/revoke", "/auth/introspect");
        bool isEndpoint = path.StartsWith("/auth", StringComparison.Ordinal);
        var head = new StringBuilder();
        string content = "";
        if (isEndpoint || draw.Next(4) == 0)
        {
            (string type, content) = DrawContent();
            head.Append(CultureInfo.InvariantCulture, $"Content-Type: {type}\r\nContent-Length: {content.Length}\r\n");
            head.Append(draw.Next(3) == 0 ? $"Content-Digest: {RequestDraft.DigestOf(Encoding.ASCII.GetBytes(draw.Next(4) == 0 ? "other" : content))}\r\n" : "");
        }

        head.Append(draw.Next(4) switch
        {
            0 => $"Authorization: Basic {Convert.ToBase64String(Encoding.ASCII.GetBytes($"{key}:no secret of anybody"))}\r\n",
            1 => $"Authorization: {Pick("Bearer sgn_at_x", "Bearer", "Basic !", "Signature x")}\r\n",
            _ => "",
        });
        head.Append(draw.Next(2) == 0 ? $"X-Long: {new string('x', Pick(1, 15_000))}\r\nX-Dict: a=1\r\n" : "");
        if (draw.Next(4) != 0)
        {
            head.Append(DrawSignatures());
        }

        if (path == "/url")
        {
            long created = host.Clock.GetUtcNow().ToUnixTimeSeconds() + Pick(0, 0, 0, 60);
            path = $"/url?page=2&signature={created}.{created + Pick(60, -1, 700_000)}.{key}.{new string('A', 43)}{(draw.Next(6) == 0 ? "&x" : "")}";
        }

        string method = isEndpoint ? "POST" : Pick("GET", "GET", "POST", "HEAD");
        return $"{method} {path} HTTP/1.1\r\nHost: {host.Authority}\r\n{head}\r\n{content}";
    }

    private string DrawSignatures()
    {
        long created = host.Clock.GetUtcNow().ToUnixTimeSeconds() + Pick(0, 0, 0, 0, 0, -400, 60);
        int count = Pick(1, 1, 1, 2, 3);
        int probe = draw.Next(count);
        var input = new List<string>();
        for (int i = 0; i < count; i++)
        {
            string[] more = [.. Enumerable.Range(0, Pick(0, 0, 1, 1, 2, 3)).Select(_ => Pick(Components))];
            string covered = string.Join(' ', (draw.Next(8) == 0 ? [] : Components[..4]).Concat(more));
            string other = i == probe ? key : Pick(key, ApiHost.Key, "key of nobody");
            string last = Pick("", "", ";alg=\"hmac-sha256\"", ";alg=\"ed25519\"", $";expires={created + Pick(60, -1)}", ";nonce=\"n\"", ";tag=\"t\"");
            input.Add($"s{i}=({covered});created={created};keyid=\"{other}\"{last}");
        }

        string mac = Convert.ToBase64String(new byte[Pick(32, 32, 32, 32, 31)]);
        return $"Signature-Input: {string.Join(", ", input)}\r\nSignature: {string.Join(", ", Enumerable.Range(0, count).Select(i => $"s{i}=:{mac}:"))}\r\n";
    }

    private (string Type, string Content) DrawContent()
    {
        string grant = Pick("client_credentials", "refresh_token", "password");
        string secret = Pick("", ApiHost.Secret + "x", "no secret of anybody");
        return draw.Next(3) switch
        {
            0 => ("application/json", $"{{\"grant_type\":\"{grant}\",\"client_id\":\"{key}\",\"client_secret\":\"{secret}\",\"refresh_token\":\"sgn_rt_x\",\"token\":\"sgn_at_x\"}}"),
            1 => ("application/x-www-form-urlencoded", $"grant_type={grant}&client_id={key}{(secret == "" ? "" : $"&client_secret={Uri.EscapeDataString(secret)}")}&refresh_token=x&token=y"),
            _ => ("text/plain", "tea"),
        };
    }

    private T Pick<T>(params T[] of) => of[draw.Next(of.Length)];
}
