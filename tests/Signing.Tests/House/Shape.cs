using System.Reflection;
using System.Runtime.CompilerServices;

namespace Signing.Tests.House;

/// <summary>What reflection says of the types that were written by hand.</summary>
internal static class Shape
{
    public static IEnumerable<Type> Written(Assembly assembly) =>
        assembly.GetTypes().Where(type => IsOurs(type) && !type.Name.Contains('<') && !IsGenerated(type));

    public static bool IsStatic(Type type) => type is { IsAbstract: true, IsSealed: true };

    public static IEnumerable<PropertyInfo> OwnProperties(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Where(property => property.GetIndexParameters().Length == 0);

    public static bool HasVirtualMembers(Type type) =>
        type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Any(method => method is { IsVirtual: true, IsFinal: false } && method.GetBaseDefinition() == method);

    // Source generators write into namespaces of the framework, or mark what they write.
    private static bool IsOurs(Type type) => type.IsPublic || type.Namespace?.StartsWith("Signing") == true;

    private static bool IsGenerated(Type? type) => type is not null &&
        (type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false)
        || type.IsDefined(typeof(System.CodeDom.Compiler.GeneratedCodeAttribute), inherit: false)
        || IsGenerated(type.DeclaringType));
}
