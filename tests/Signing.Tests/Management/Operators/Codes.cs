namespace Signing.Tests.Management.Operators;

/// <summary>The status of each code that is expected. A table.</summary>
internal static class Codes
{
    public static int StatusOf(string code) => code switch
    {
        "not_signed_in" => 401,
        "forbidden" or "scope_missing" or "antiforgery_failed" => 403,
        "not_found" => 404,
        "not_empty" or "name_taken" or "bundle_id_taken" or "already_revoked" or "already_rotating" or "not_rotating" or "not_a_key_pair" or "not_retrievable" => 409,
        "version_mismatch" => 412,
        "body_too_large" => 413,
        "unsupported_media_type" => 415,
        _ => 400,
    };
}
