namespace Signing.Client;

/// <summary>RFC 9110 §9.2.2. Names the methods by which a request that is executed twice has the effect of one.</summary>
internal static class IdempotentMethods
{
    private static readonly HttpMethod[] All = [HttpMethod.Get, HttpMethod.Head, HttpMethod.Put, HttpMethod.Delete, HttpMethod.Options, HttpMethod.Trace];

    public static bool Contain(HttpMethod method) => Array.IndexOf(All, method) >= 0;
}
