using System.Text.Json;

namespace Signing.AspNetCore;

// What no file of ours lacks, and what JSON alone does not see: each row is there with its lists, and no row is there twice.
internal static class CredentialDocumentRules
{
    public static void Require(CredentialDocument document)
    {
        RequireAll(document.Workspaces, "workspace");
        RequireAll(document.Applications, "application");
        RequireAll(document.Credentials, "credential");
        RequireAll(document.SharingKeys, "sharing key");
        RequireAll(document.Audit, "event");
        foreach (ApplicationRecord application in document.Applications)
        {
            RequireAll(application.ConnectedApis, "connected API");
        }

        foreach (CredentialRecord credential in document.Credentials)
        {
            RequireAll(credential.Scopes, "scope");
            RequireAll(credential.Secrets, "Secret");
        }

        foreach (SharingKeyRecord sharingKey in document.SharingKeys)
        {
            RequireAll(sharingKey.Scopes, "scope");
        }

        if (document.Rows.Any(static row => row.Id.Length == 0))
        {
            throw new JsonException("One of its rows has no id.");
        }

        RequireOnce(document.Rows.Select(static row => (row.GetType(), row.Id)), "id");
        RequireOnce(document.Credentials.Select(static row => row.Key).OfType<string>(), "Key");
        RequireOnce(document.Credentials.SelectMany(static row => row.Secrets.Select(static secret => secret.Hash).OfType<TokenHash>().Distinct()), "hash");
        RequireOnce(document.SharingKeys.Select(static row => row.Secret.Hash).OfType<TokenHash>(), "hash");
    }

    // A list that is missing is null, whatever the property is without one.
    private static void RequireAll(IReadOnlyList<object>? entries, string what)
    {
        if (entries is null || entries.Contains(null!))
        {
            throw new JsonException($"A {what}, or the list of them, is missing.");
        }
    }

    // Of two the later one would count, and that may be the one from before a revocation. The message quotes no value.
    private static void RequireOnce<T>(IEnumerable<T> values, string what)
        where T : notnull
    {
        HashSet<T> known = [];
        if (!values.All(known.Add))
        {
            throw new JsonException($"Two of its rows have the same {what}.");
        }
    }
}
