using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Signing.Client;

/// <summary>Writes a token into the text that a store keeps, and reads it back.</summary>
internal static class StoredToken
{
    private const string Access = "access_token";
    private const string Refresh = "refresh_token";
    private const string IssuedAt = "issued_at_ms";
    private const string Lifetime = "lifetime_ms";

    public static string Write(AccessToken token)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            writer.WriteStartObject();
            writer.WriteString(Access, token.Value);
            writer.WriteString(Refresh, token.RefreshToken);
            writer.WriteNumber(IssuedAt, token.IssuedAt.ToUnixTimeMilliseconds());
            writer.WriteNumber(Lifetime, (long)token.Lifetime.TotalMilliseconds);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    /// <returns><see langword="true"/>; <see langword="false"/> if this class has not written the text.</returns>
    public static bool TryRead(string text, TokenMoment now, double draw, out AccessToken? token)
    {
        token = null;
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            JsonElement root = document.RootElement;
            string? value = root.GetProperty(Access).GetString();
            string? refresh = root.GetProperty(Refresh).GetString();
            var issuedAt = DateTimeOffset.FromUnixTimeMilliseconds(root.GetProperty(IssuedAt).GetInt64());
            long lifetime = root.GetProperty(Lifetime).GetInt64();
            if (!TokenAnswer.IsToken(value) || (refresh is not null && !TokenAnswer.IsToken(refresh)) || lifetime <= 0)
            {
                return false;
            }

            // It is as old as the wall clock says; from here on both clocks count.
            var written = new TokenMoment(issuedAt, now.Monotonic);
            TokenTimes times = TokenTimes.Of(TimeSpan.FromMilliseconds(Math.Min(lifetime, (long)TokenTimes.MaxLifetime.TotalMilliseconds)), draw);
            token = new AccessToken(value!, refresh, now.Before(written.AgeAt(now)), times);
            return true;
        }
        catch (Exception corrupt) when (corrupt is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentOutOfRangeException)
        {
            return false;
        }
    }
}
