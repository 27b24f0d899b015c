namespace Signing.Tests.House;

public sealed class TypeTests
{
    private const int MaxOptions = 8;

    private static readonly string[] ExtensionNamespaces = ["Microsoft.Extensions.DependencyInjection", "Microsoft.AspNetCore.Builder"];

    [Fact]
    public void A_class_is_sealed_or_static_unless_it_is_made_to_derive_from()
    {
        var types = Repository.Assemblies.SelectMany(Shape.Written).ToList();

        var offenders = types.Where(type => type is { IsClass: true, IsSealed: false } && !Shape.HasVirtualMembers(type) && !types.Exists(other => IsBaseOf(type, other)));

        Offenders.None(offenders);
    }

    [Fact]
    public void An_interface_has_two_implementations()
    {
        var types = Repository.Assemblies.SelectMany(Shape.Written).ToList();

        var offenders = from type in types
                        where type.IsInterface
                        let implementations = types.Count(other => !other.IsInterface && other.IsAssignableTo(type))
                        where implementations < 2
                        select $"{type}: {implementations} implementations";

        Offenders.None(offenders);
    }

    [Fact]
    public void The_core_has_one_interface_the_view_of_a_message()
    {
        var type = Assert.Single(Shape.Written(typeof(MessageVerifier).Assembly), type => type.IsInterface);

        Assert.Equal(typeof(ISignableMessage), type);
    }

    [Fact]
    public void Options_are_sealed_and_have_at_most_eight_properties_of_their_own()
    {
        var options = Repository.Assemblies.SelectMany(Shape.Written)
            .Where(type => type.IsPublic && type.Name.EndsWith("Options"))
            .ToList();

        Assert.NotEmpty(options);
        Assert.All(options, type =>
        {
            Assert.True(type.IsSealed, $"{type} is not sealed");
            Assert.InRange(Shape.OwnProperties(type).Count(), 1, MaxOptions);
        });
    }

    [Fact]
    public void A_type_stands_in_the_namespace_of_its_package_or_where_the_framework_looks_for_extensions()
    {
        var offenders = from assembly in Repository.Assemblies
                        from type in Shape.Written(assembly)
                        where type.Namespace != assembly.GetName().Name && !(Shape.IsStatic(type) && ExtensionNamespaces.Contains(type.Namespace))
                        select type.FullName;

        Offenders.None(offenders);
    }

    [Fact]
    public void The_core_needs_nothing_but_the_runtime()
    {
        var references = typeof(MessageVerifier).Assembly.GetReferencedAssemblies();

        Assert.All(references, reference => Assert.StartsWith("System.", reference.Name));
    }

    private static bool IsBaseOf(Type type, Type other) =>
        other.BaseType is { } declared && (declared.IsGenericType ? declared.GetGenericTypeDefinition() : declared) == type;
}
