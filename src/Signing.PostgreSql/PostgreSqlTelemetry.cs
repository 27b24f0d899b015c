namespace Signing.PostgreSql;

/// <summary>Names what this package measures.</summary>
public static class PostgreSqlTelemetry
{
    /// <summary>The <c>Meter</c>: the name of the package.</summary>
    public const string Name = "Signing.PostgreSql";
}
