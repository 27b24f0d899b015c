using System.CommandLine;
using System.CommandLine.Help;

namespace Signing.Tool;

/// <summary>All commands, each with its help and its examples.</summary>
internal static class CommandLine
{
    public static RootCommand Create(Terminal terminal)
    {
        var root = new RootCommand(
            "Sends signed HTTP requests (RFC 9421, hmac-sha256), explains why a signature does not match, and manages keys. Secrets come from the environment, a file or a prompt, never from an argument. " +
            "The answer is written to the standard output, everything else to the standard error. Exit code 0: done or verified; 1: not verified or refused; 2: not understood.")
        {
            RequestCommand.Create(terminal),
            SignCommand.Create(terminal),
            VerifyCommand.Create(terminal),
            ExplainCommand.Create(terminal),
            DoctorCommand.Create(terminal),
            KeysCommand.Create(terminal),
        };
        root.Directives.Clear();
        Teach(root, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["signing"] = """
                export SIGNING_KEY=acme_key_live_5YwJ3bqX0eTnP8kVhR2sZd   # and the Secret in SIGNING_SECRET, a file, or typed when asked
                signing request https://api.example.com/orders -v
                signing explain request.http
                signing doctor https://api.example.com/signing/diagnostics
                """,
            ["request"] = """
                signing request https://api.example.com/orders
                signing request https://api.example.com/orders -d order.json -v
                echo '{"item":"tea"}' | signing request https://api.example.com/orders -X PUT -d - -H "Content-Type: application/json"
                signing request https://api.example.com/orders --json | jq .status
                """,
            ["sign"] = """
                signing sign request.http > signed.http
                signing sign request.http --cover @method --cover @path --cover date --tag my-api
                signing sign request.http --json | jq -r .signature_base
                """,
            ["verify"] = """
                signing verify signed.http
                signing verify captured.http --received-at 2026-11-21T19:40:00Z --scheme http
                """,
            ["explain"] = """
                signing explain captured.http                            # with SIGNING_KEY and SIGNING_SECRET: the cause, too
                signing explain captured.http --called https://api.example.com/v1/orders?id=7
                signing explain --signed mine.txt --seen theirs.txt
                signing explain signed.http --problem answer.json
                """,
            ["doctor"] = """
                signing doctor https://api.example.com/signing/diagnostics
                signing doctor "https://api.example.com/signing/diagnostics/a%2Fb%20c?z=1&a=b%20c"   # what becomes of an encoded path and of a query
                signing doctor https://api.example.com/signing/diagnostics -H @session.txt   # where their policy admits a session: the line "Authorization: Bearer ..."
                signing doctor http://localhost:5000/signing/diagnostics --json
                """,
            ["keys"] = """
                export SIGNING_SERVER=https://ops.example.com/signing   # where MapSigningManagement is
                signing keys list --state active
                signing keys create --application app_7hQx --name "night batch" --environment live
                signing keys rotate acme_key_live_5YwJ3bqX0eTnP8kVhR2sZd --overlap 3600
                """,
            ["list"] = """
                signing keys list
                signing keys list --application app_7hQx --state expired --json | jq -r '.items[].key'
                """,
            ["create"] = """
                signing keys create --application app_7hQx --name "night batch" --environment live --scope orders.read
                signing keys create --application app_7hQx --name "report token" --kind apiToken --expires 2027-03-31T00:00:00Z --json | jq -r .secret
                """,
            ["rotate"] = """
                signing keys rotate crd_4nBv
                signing keys rotate acme_key_live_5YwJ3bqX0eTnP8kVhR2sZd --overlap 3600 --json | jq -r .secret
                """,
            ["renew"] = """
                signing keys renew crd_4nBv --expires 2027-12-31T00:00:00Z
                signing keys renew crd_4nBv --never-expires
                """,
            ["suspend"] = "signing keys suspend crd_4nBv",
            ["resume"] = "signing keys resume crd_4nBv",
            ["revoke"] = """
                signing keys revoke crd_4nBv --reason "laptop lost"
                signing keys revoke crd_4nBv --after 86400
                """,
        });
        return root;
    }

    private static void Teach(Command command, Dictionary<string, string> examples)
    {
        foreach (Option option in command.Options)
        {
            if (option is HelpOption { Action: HelpAction plain })
            {
                // It belongs to the root and to all below it.
                option.Action = new HelpWithExamples(plain, name => examples.GetValueOrDefault(name == command.Name ? "signing" : name));
            }
        }
    }
}
