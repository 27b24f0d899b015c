namespace Signing;

/// <summary>RFC 9421 §3.2.1. Keeps policies for requests away from responses; the other way round what a response must cover does.</summary>
internal static class ResponseRules
{
    public static ArgumentException WrongPolicy(string parameter) =>
        new($"The message is a response, and the policy is for requests. Make the policy with {nameof(MessageKind)}.{nameof(MessageKind.Response)}.", parameter);
}
