using System.Text.Json;

namespace Signing.Tool;

/// <summary>Writes what the admin API tells of credentials, for people or as JSON.</summary>
internal sealed class KeyAnswer(Terminal terminal, bool isJson)
{
    /// <summary>Lists credentials in columns, and says how many there are.</summary>
    public void List(List<JsonElement> rows)
    {
        if (isJson)
        {
            terminal.Json(writer =>
            {
                writer.WriteStartArray("items");
                rows.ForEach(row => row.WriteTo(writer));
                writer.WriteEndArray();
            });
            return;
        }

        WriteTable(rows);
        terminal.Say(rows.Count == 1 ? "1 credential" : $"{rows.Count} credentials");
    }

    /// <summary>Shows one credential, whose Secret is not known here.</summary>
    /// <exception cref="ToolFailure">It is no credential.</exception>
    public void Show(JsonElement row)
    {
        if (KeyRow.Text(row, "id").Length == 0)
        {
            throw ManagementApi.Foreign();
        }

        if (!isJson)
        {
            WriteTable([row]);
            return;
        }

        terminal.Json(writer =>
        {
            writer.WritePropertyName("credential");
            row.WriteTo(writer);
        });
    }

    /// <summary>Writes a new Secret or token to the standard output: the one moment at which it is known outside of the server.</summary>
    /// <param name="made">The answer to the creation or rotation, with the members <c>credential</c> and <c>text</c>.</param>
    /// <exception cref="ToolFailure">It has no such members.</exception>
    public void HandOver(JsonElement made)
    {
        string secret = KeyRow.Text(made, "text");
        if (!made.TryGetProperty("credential", out JsonElement row) || row.ValueKind != JsonValueKind.Object || secret.Length == 0)
        {
            throw ManagementApi.Foreign();
        }

        bool isToken = KeyRow.Text(row, "kind") == "apiToken";
        try
        {
            WriteSecret(row, secret, isToken);
        }
        catch (ToolFailure lost)
        {
            string id = Printable.Of(KeyRow.Text(row, "id"));
            throw ToolFailure.Refused($"{lost.Message} The server has made the change, and nobody has seen {(isToken ? $"the token: end it by signing keys revoke {id}, and create another" : $"the Secret: signing keys rotate {id} makes another")}.");
        }

        if (KeyRow.FormerSecretUntil(row) is { } until)
        {
            terminal.Say($"The former Secret is accepted until {until}.");
        }

        terminal.Say($"The {(isToken ? "token" : "Secret")} is shown this once: put it where its program reads it, such as a vault or an environment variable, and into no repository, ticket or chat.");
    }

    private void WriteTable(IReadOnlyList<JsonElement> rows)
    {
        foreach (string line in KeyRow.Table(rows))
        {
            terminal.Answer(line);
        }
    }

    private void WriteSecret(JsonElement row, string secret, bool isToken)
    {
        if (isJson)
        {
            terminal.Json(writer =>
            {
                writer.WritePropertyName("credential");
                row.WriteTo(writer);
                writer.WriteString("secret", secret);
            });
            return;
        }

        terminal.Answer($"id      {Printable.Of(KeyRow.Text(row, "id"))}");
        if (!isToken)
        {
            terminal.Answer($"key     {Printable.Of(KeyRow.Text(row, "key"))}");
        }

        terminal.Answer($"{(isToken ? "token  " : "secret ")} {Printable.Of(secret)}");
    }
}
